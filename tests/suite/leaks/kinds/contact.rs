//! How somebody or a machine is reached, and where somebody is.

use super::check_digits::{grouped, written};
use super::{Carrier, Form, Kind, Made, Random};

/// Addresses, phones, places.
pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "EMAIL_ADDRESS",
        carrier: "e-mail",
        need: Carrier::Optional,
        form: Form::Token,
        make: |random| Made::whole(email(random)),
    },
    phone("PHONE_NUMBER/INTERNATIONAL", "phone", Carrier::Optional, |random| {
        // Mobile numbers as their countries write them.
        let (prefix, groups) = *random.pick(&[
            &("+44 74", &[2, 6][..]),
            &("+33 6 1", &[1, 2, 2, 2]),
            &("+34 61", &[1, 3, 3]),
            &("+39 34", &[1, 3, 4]),
        ]);
        let mut value = prefix.to_owned();
        for (at, length) in groups.iter().enumerate() {
            let group = written(&(0..*length).map(|_| random.digit()).collect::<Vec<u8>>());
            value.push_str(if at == 0 { "" } else { " " });
            value.push_str(&group);
        }
        Made::number(value)
    }),
    phone("PHONE_NUMBER/US", "phone", Carrier::WhenBare, |random| {
        let area = random.pick(&["212", "312", "415", "503", "617", "713"]);
        let (exchange, line) = (random.range(230, 899), random.range(1000, 9999));
        Made::number(format!("({area}) {exchange}-{line}"))
    }),
    phone("PHONE_NUMBER/DE", "Telefon", Carrier::Needed, |random| {
        let prefix = random.pick(&["0151", "0160", "0171", "0176"]);
        Made::number(format!("{prefix} {}", written(&random.digits(8))))
    }),
    phone("PHONE_NUMBER/CN", "电话", Carrier::Optional, |random| {
        let number = mobile(random);
        Made::number(format!("+86 {}", grouped(&number, &[3, 4], " ")))
    }),
    phone("CN_MOBILE", "手机号", Carrier::Needed, |random| Made::number(mobile(random))),
    Kind {
        name: "IP_ADDRESS",
        carrier: "IP address",
        need: Carrier::Optional,
        form: Form::Token,
        make: |random| Made::whole(ip(random)),
    },
    Kind {
        name: "GPS_COORDINATES",
        carrier: "GPS coordinates",
        need: Carrier::Needed,
        form: Form::Phrase,
        make: |random| {
            let (latitude, longitude) = (random.range(36, 59), random.range(10, 24));
            let mut fraction = || random.range(100_001, 999_999);
            Made::number(format!("{latitude}.{}, {longitude}.{}", fraction(), fraction()))
        },
    },
];

const fn phone(
    name: &'static str,
    carrier: &'static str,
    need: Carrier,
    make: fn(&mut Random) -> Made,
) -> Kind {
    Kind { name, carrier, need, form: Form::Number, make }
}

fn email(random: &mut Random) -> String {
    let first = random.pick(&["mara", "jonas", "lucia", "henrik", "oksana", "tomas"]);
    let last = random.pick(&["lindqvist", "okafor", "brandtner", "maslowska", "teixeira"]);
    let host = random.pick(&["example.com", "mail.example.org", "example.net"]);
    format!("{first}.{last}{}@{host}", random.range(10, 999))
}

/// Eleven digits with the prefix of a Chinese mobile network.
fn mobile(random: &mut Random) -> String {
    let prefix = random.pick(&["135", "138", "150", "158", "177", "186", "189"]);
    format!("{prefix}{}", written(&random.digits(8)))
}

/// An address outside of all reserved ranges.
fn ip(random: &mut Random) -> String {
    let first = random.pick(&["46", "62", "77", "81", "89", "93", "145", "178", "185", "194"]);
    let mut more = || random.range(101, 249);
    format!("{first}.{}.{}.{}", more(), more(), more())
}
