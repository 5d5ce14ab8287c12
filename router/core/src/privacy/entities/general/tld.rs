//! Top-level domains.
//!
//! Country codes and the generic names that anybody may register under. Names of brands (`microsoft`,
//! `bmw`) are left out: nobody writes `www.microsoft` as an address, and an e-mail address under one is
//! found all the same, only with less certainty. Names that are also endings of files are known as such.

use std::sync::LazyLock;

/// [`NAMES`], name by name.
static KNOWN: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    NAMES
        .iter()
        .map(|names| {
            let mut names: Vec<&str> = names.split_ascii_whitespace().collect();
            names.sort_unstable();
            names
        })
        .collect()
});

/// For each first letter, the names in lower case.
const NAMES: [&str; 26] = [
    "abogado ac academy accountant accountants actor ad adult ae aero af africa ag agency ai \
     airforce al am amsterdam ao apartments app aq ar arab archi army arpa art as asia \
     associates at attorney au auction audio auspost auto autos aw ax az",
    "ba baby band bank bar barcelona bargains bayern bb bcn bd be beer berlin best bet bf bg \
     bh bi bible bid bike bingo bio biz bj black blackfriday blog blue bm bn bo boats bond \
     boo boston bot boutique br brussels bs bt build builders business buzz bv bw by bz bzh",
    "ca cab cafe cam camera camp capetown capital car cards care careers cars casa cash \
     casino cat catering cc cd center ceo cern cf cfd cg ch channel charity chat cheap \
     christmas church ci city ck cl claims cleaning click clinic clothing cloud club cm cn \
     co codes coffee college cologne com community company computer condos construction \
     consulting contact contractors cooking cool coop corsica country coupons courses cpa cr \
     credit creditcard cricket cruises cu cv cw cx cy cymru cyou cz",
    "dad dance date dating day dds de degree delivery democrat dental dentist desi design \
     dev diamonds diet digital direct directory discount dj dk dm do doctor dog domains \
     download durban dz",
    "earth ec eco edu education ee eg email energy engineer engineering enterprises \
     equipment er es esq estate et eu eus events exchange expert exposed express",
    "fail faith family fans farm fashion feedback fi film finance financial fish fishing fit \
     fitness fj fk flights florist flowers fm fo foo football forsale foundation fr fun fund \
     furniture futbol fyi",
    "ga gal gallery game games garden gay gb gd gdn ge gent gf gg gh gi gifts gives giving \
     gl glass global gm gmbh gn gold golf gop gov gp gq gr graphics gratis green gripe group \
     gs gt gu guide guitars guru gw gy",
    "hair hamburg haus health healthcare help helsinki hiphop hk hm hn hockey holdings \
     holiday homes horse hospital host hosting house how hr ht hu",
    "icu id ie il im immo immobilien in inc info ing ink institute insurance insure int \
     international investments io iq ir irish is ist istanbul it",
    "je jetzt jewelry jm jo jobs joburg jp juegos",
    "kaufen ke kg kh ki kids kitchen kiwi km kn koeln kp kr krd kred kw ky kyoto kz",
    "la land lat latino law lawyer lb lc lease legal lgbt li life lighting limited limo link \
     live lk llc loan loans lol london lotto love lr ls lt ltd ltda lu luxury lv ly",
    "ma madrid maison makeup management market marketing markets mba mc md me media \
     melbourne meme memorial men mg mh miami mil mk ml mm mn mo mobi moda moe mom monash \
     money monster mortgage motorcycles mov movie mp mq mr ms mt mu museum mv mw mx my mz",
    "na nagoya name navy nc ne net network new news nf ng ngo ni ninja nl no now np nr nrw \
     nu nyc nz",
    "observer okinawa om one ong onl online org organic osaka",
    "pa page paris partners parts party pe pet pf pg ph pharmacy phd photo photography \
     photos physio pics pictures pink pizza pk pl place plumbing plus pm pn poker porn post \
     pr press pro productions prof promo properties property protection ps pt pub pw py",
    "qa quebec quest",
    "racing radio re recipes red rehab reise reisen reit ren rent rentals repair report \
     republican rest restaurant review reviews rio rip ro rocks rodeo rs rsvp ru rugby ruhr \
     run rw ryukyu",
    "sa saarland sale salon sarl sb sbs sc school schule science scot sd se security select \
     services sex sexy sg sh shiksha shoes shop shopping show si singles site sj sk ski skin \
     sl sm sn so soccer social software solar solutions soy space sport sr srl ss st \
     stockholm storage store study style su sucks supply support surf surgery sv swiss sx sy \
     sydney systems sz",
    "tatar tattoo tax taxi tc td team tech technology tel tf tg th theater theatre tickets \
     tips tires tirol tj tk tl tm tn to today tokyo tools top tours town toys tr trade \
     training travel trust tt tube tv tw tz",
    "ua ug uk university uno us uy uz",
    "va vacations vc ve vegas ventures versicherung vet vg vi video villas vin vip vision \
     vlaanderen vn vodka vote voting voyage vu",
    "wales wang watch webcam website wedding wf wien wiki wine work works world wow ws wtf",
    "xxx xyz",
    "ye yoga yokohama you yt",
    "za zip zm zone zuerich zw",
];

/// Names in other scripts.
const INTERNATIONAL: &str = "\
     vermögensberater vermögensberatung ελ ευ бг бел дети ею католик ком \
     мкд мон москва онлайн орг рус рф сайт срб укр қаз հայ ישראל קום \
     ابوظبي ارامكو الاردن البحرين الجزائر السعودية السعوديه السعودیة \
     السعودیۃ العليان المغرب اليمن امارات ايران ایران بارت بازار بيتك \
     بھارت تونس سودان سوريا سورية شبكة عراق عرب عمان فلسطين قطر كاثوليك \
     كوم مصر مليسيا موريتانيا موقع همراه پاكستان پاکستان ڀارت कॉम नेट भारत \
     भारतम् भारोत संगठन বাংলা ভারত ভাৰত ਭਾਰਤ ભારત ଭାରତ இந்தியா இலங்கை \
     சிங்கப்பூர் భారత్ ಭಾರತ ഭാരതം ලංකා คอม ไทย ລາວ გე みんな アマゾン クラウド グーグル \
     コム ストア セール ファッション ポイント 世界 中信 中国 中國 中文网 亚马逊 企业 佛山 信息 健康 八卦 公司 公益 台湾 台灣 \
     商城 商店 商标 嘉里 嘉里大酒店 在线 大拿 天主教 娱乐 家電 广东 微博 慈善 我爱你 手机 招聘 政务 政府 新加坡 新闻 时尚 \
     書籍 机构 淡马锡 游戏 澳門 澳门 点看 移动 组织机构 网址 网店 网站 网络 联通 臺灣 谷歌 购物 通販 集团 電訊盈科 飞利浦 \
     食品 餐厅 香格里拉 香港 닷넷 닷컴 삼성 한국";

/// Endings of files, and of units of an operating system, that no address has.
const NEVER: &str = "png jpg jpeg gif svg webp ico bmp tiff css scss less js mjs cjs ts tsx jsx json yaml \
     yml toml xml html htm txt csv tsv pdf doc docx xls xlsx ppt pptx log lock bak tmp cfg conf ini exe \
     dll jar class cpp hpp java go rb php vue svelte swift kt sql db sqlite tar gz tgz bz2 xz rar mp3 mp4 \
     wav avi mkv service socket timer target mount slice scope device path";

/// Names of two letters that are endings of files, or words that code is full of, as well.
const ALSO_FILES: &str = "am as at be bs by cc do er fm id in is it la ma md me ml mm ms my no nu pl pm ps py \
     rs sh so st tf to vi";

/// Longer names that are seldom anything else.
const PLAIN: &str =
    "com net org edu gov mil int biz xyz aero coop asia app dev mobi jobs museum travel xn";

/// Whether this is the name of a top-level domain, in any case. Code names (`xn--..`) are.
pub(super) fn is_known(label: &str) -> bool {
    if label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")) {
        return label.len() > 6;
    }
    let first = label.bytes().next().map(|byte| byte.to_ascii_lowercase());
    let Some(letter) = first.filter(u8::is_ascii_lowercase) else { return false };
    let names = KNOWN.get(usize::from(letter - b'a')).map(Vec::as_slice).unwrap_or_default();
    let lower = label.bytes().map(|byte| byte.to_ascii_lowercase());
    names.binary_search_by(|name| name.bytes().cmp(lower.clone())).is_ok()
}

/// Length of the longest name in another script that this label begins with.
pub(super) fn international(label: &str) -> Option<usize> {
    let names = INTERNATIONAL.split_ascii_whitespace();
    names.filter(|name| label.starts_with(name)).map(str::len).max()
}

/// Whether no address, but many a file, ends so.
pub(super) fn is_file(label: &str) -> bool {
    is_among(NEVER, label)
}

/// Whether a domain is more likely than a file or a field: a country, or a name that is no English word.
pub(super) fn is_plain(label: &str) -> bool {
    is_among(PLAIN, label) || label.len() == 2 && !is_among(ALSO_FILES, label)
}

fn is_among(names: &str, label: &str) -> bool {
    names.split_ascii_whitespace().any(|name| name.eq_ignore_ascii_case(label))
}
