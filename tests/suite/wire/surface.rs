//! What of a descriptor set others can see: names, numbers, types, presence.
//!
//! Comments, options, file names and the order of declarations are not part of it.

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    MethodDescriptorProto,
};
use std::collections::{BTreeMap, BTreeSet};

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// `string`, `littoral.v1.Usage`, ...
    pub kind: String,
    /// `implicit`, `optional`, `repeated` or `oneof NAME`.
    pub presence: String,
}

/// A method; a type with `stream` before it is a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    pub input: String,
    pub output: String,
}

/// A contract, by full names.
#[derive(Debug, Default)]
pub struct Surface {
    pub messages: BTreeMap<String, BTreeMap<i32, Field>>,
    pub enums: BTreeMap<String, BTreeMap<i32, String>>,
    pub services: BTreeSet<String>,
    pub methods: BTreeMap<String, Method>,
}

impl Surface {
    /// The surface of a compiled set.
    pub fn of(set: &FileDescriptorSet) -> Self {
        let mut surface = Self::default();
        for file in &set.file {
            let package = file.package();
            for message in &file.message_type {
                surface.add_message(package, message);
            }
            for declared in &file.enum_type {
                surface.add_enum(package, declared);
            }
            for service in &file.service {
                let name = format!("{package}.{}", service.name());
                for method in &service.method {
                    surface.methods.insert(format!("{name}.{}", method.name()), shown(method));
                }
                surface.services.insert(name);
            }
        }
        surface
    }

    fn add_message(&mut self, scope: &str, message: &DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        for nested in &message.nested_type {
            self.add_message(&name, nested);
        }
        for nested in &message.enum_type {
            self.add_enum(&name, nested);
        }
        let fields = message.field.iter().map(|field| {
            let (kind, presence) = (kind(field), presence(message, field));
            (field.number(), Field { name: field.name().to_owned(), kind, presence })
        });
        self.messages.insert(name, fields.collect());
    }

    fn add_enum(&mut self, scope: &str, declared: &EnumDescriptorProto) {
        let values = declared.value.iter().map(|value| (value.number(), value.name().to_owned()));
        self.enums.insert(format!("{scope}.{}", declared.name()), values.collect());
    }
}

fn kind(field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum | Type::Group => {
            field.type_name().trim_start_matches('.').to_owned()
        }
        scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    }
}

fn presence(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    if field.label() == Label::Repeated {
        return "repeated".to_owned();
    }
    if field.proto3_optional() {
        // It sits in a oneof of its own that the compiler made up.
        return "optional".to_owned();
    }
    match field.oneof_index.and_then(|at| message.oneof_decl.get(usize::try_from(at).ok()?)) {
        Some(oneof) => format!("oneof {}", oneof.name()),
        None => "implicit".to_owned(),
    }
}

fn shown(method: &MethodDescriptorProto) -> Method {
    let show = |name: &str, streams: bool| {
        let name = name.trim_start_matches('.');
        if streams { format!("stream {name}") } else { name.to_owned() }
    };
    Method {
        input: show(method.input_type(), method.client_streaming()),
        output: show(method.output_type(), method.server_streaming()),
    }
}
