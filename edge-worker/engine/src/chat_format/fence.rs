//! Special tokens inside content stay text.
//!
//! A tokenizer finds special tokens by their spelling, wherever they stand. The template puts them
//! around the content, and content may spell them too. A fence is one character, chosen so that no
//! content contains it, put after the first character of each such spelling. The rendered prompt
//! is then cut at the fences and each piece is tokenized alone: no piece contains the spelling, and
//! the pieces put together are the text without a character lost.

/// Noncharacters: Unicode reserves them for uses like this one and text does not contain them.
const NONCHARACTERS: std::ops::RangeInclusive<char> = '\u{FDD0}'..='\u{FDEF}';

/// A mark that no content contains, and the spellings it breaks.
#[derive(Debug)]
pub struct Fence {
    mark: char,
    specials: Vec<String>,
}

impl Fence {
    /// A fence for `contents` against `specials`, the spellings of the special tokens.
    pub fn new(specials: &[String], contents: &[&str]) -> Self {
        let free = |mark: &char| !contents.iter().any(|content| content.contains(*mark));
        // Content that uses all 32 noncharacters is not text; the last one then serves, and its
        // occurrences are cut as well, which changes how it is tokenized and nothing else.
        let mark = NONCHARACTERS.into_iter().find(free).unwrap_or('\u{FDEF}');
        let spelled =
            |special: &&String| contents.iter().any(|text| text.contains(special.as_str()));
        Self { mark, specials: specials.iter().filter(spelled).cloned().collect() }
    }

    /// `content` with a mark inside every spelling of a special token.
    pub fn around(&self, content: &str) -> String {
        if self.specials.is_empty() {
            return content.to_owned();
        }
        let mut out = String::with_capacity(content.len());
        for (start, character) in content.char_indices() {
            out.push(character);
            let here = &content[start..];
            if self.specials.iter().any(|special| here.starts_with(special.as_str())) {
                out.push(self.mark);
            }
        }
        out
    }

    /// A text that stands in for the open assistant turn while the template renders.
    pub fn stand_in(&self) -> String {
        format!("{0}open turn{0}", self.mark)
    }

    /// The pieces of a rendered prompt that are to be tokenized one by one.
    pub fn pieces<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        text.split(self.mark).filter(|piece| !piece.is_empty())
    }

    /// The rendered prompt without marks.
    pub fn remove(&self, text: &str) -> String {
        self.pieces(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Fence;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_piece_spells_a_special_token_and_the_text_is_unchanged(
            content in "[<|im_end>a ]{0,60}", tail in "(<\\|im_end\\|>|a){0,4}",
        ) {
            let content = content + &tail;
            let specials = ["<|im_end|>".to_owned(), "<|".to_owned()];
            let fence = Fence::new(&specials, &[content.as_str()]);
            let fenced = fence.around(&content);
            for piece in fence.pieces(&fenced) {
                prop_assert!(specials.iter().all(|special| !piece.contains(special.as_str())));
            }
            prop_assert_eq!(fence.remove(&fenced), content);
        }
    }

    #[test]
    fn the_mark_is_one_the_content_does_not_contain() {
        let content = "\u{FDD0} <x>";
        let fence = Fence::new(&["<x>".to_owned()], &[content]);
        assert_eq!(fence.remove(&fence.around(content)), content);
    }
}
