//! Manual pages out of Markdown, as far as our pages use it: headings, paragraphs, lists,
//! fenced blocks, tables, code, links. Made for the macros of man(7), which every reader of
//! manual pages knows. Deliberately no Markdown for others: what it does not know is text.

use std::fmt::Write;

/// The day that the pages say they are of: that of the last change of what the programs do.
const DAY: &str = "2026-11-21";

/// The widest line of the source; readers of pages want 80 at most.
const WIDTH: usize = 78;

/// What stands at the head and foot of a page.
pub struct Title<'t> {
    /// What it is looked up by.
    pub name: &'t str,
    /// Its section: `7`, `1execline`.
    pub section: &'t str,
    /// One clause that says what it is about.
    pub summary: &'t str,
    /// The manual it belongs to.
    pub manual: &'t str,
}

/// A part of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A heading, and how deep: 1 is the page's own.
    Heading(usize, String),
    /// Running text.
    Paragraph(String),
    /// A line of a list.
    Item(String),
    /// Text as it is.
    Code(Vec<String>),
    /// The cells of the head, and of each row.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// Reads a page.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines().peekable();
    let mut is_text = false;
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|&c| c == '`').collect();
        let level = line.chars().take_while(|&c| c == '#').count();
        let was_text = std::mem::take(&mut is_text);
        if line.is_empty() || line.starts_with("<!--") {
        } else if fence.len() >= 3 {
            let inside = lines.by_ref().take_while(|line| *line != fence);
            blocks.push(Block::Code(inside.map(str::to_owned).collect()));
        } else if level > 0 && line[level..].starts_with(' ') {
            blocks.push(Block::Heading(level, line[level..].trim().to_owned()));
        } else if line.starts_with("| ") {
            let head = cells(line);
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                if !row.starts_with("| --") {
                    rows.push(cells(row));
                }
            }
            blocks.push(Block::Table(head, rows));
        } else if let Some(item) = item(line) {
            blocks.push(Block::Item(item.to_owned()));
            is_text = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text) | Block::Item(text)) if was_text => {
                    let _ = write!(text, "\n{}", line.trim());
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
            is_text = true;
        }
    }
    blocks
}

/// The text of a line of a list.
fn item(line: &str) -> Option<&str> {
    let numbers = line.chars().take_while(char::is_ascii_digit).count();
    line.strip_prefix("- ").or_else(|| {
        (numbers > 0)
            .then(|| line[numbers..].strip_prefix(". "))
            .flatten()
    })
}

/// The cells of a row.
fn cells(row: &str) -> Vec<String> {
    const BAR: &str = "\u{0}";
    let row = row.replace("\\|", BAR);
    let inner = row.trim().trim_start_matches('|').trim_end_matches('|');
    inner
        .split('|')
        .map(|cell| cell.trim().replace(BAR, "|"))
        .collect()
}

/// A page of these parts, behind its name.
pub fn page(title: &Title<'_>, source: &str, remedy: &str, blocks: &[Block]) -> String {
    let mut page = format!(
        ".\\\" Derived from {source}: change that and {remedy}.\n\
         .TH {} {} {DAY} \"execline {}\" \"{}\"\n.SH NAME\n{} \\- {}\n",
        title.name.to_uppercase(),
        title.section,
        env!("CARGO_PKG_VERSION"),
        title.manual,
        plain(title.name),
        inline(title.summary),
    );
    // A paragraph right behind a heading needs no macro, and must not have one.
    let mut begins = false;
    for block in blocks {
        let was_heading = std::mem::replace(&mut begins, matches!(block, Block::Heading(..)));
        match block {
            Block::Heading(1, _) => begins = was_heading,
            Block::Heading(2, text) => {
                let _ = writeln!(page, ".SH {}", quoted(&text.to_uppercase()));
            }
            Block::Heading(_, text) => {
                let _ = writeln!(page, ".SS {}", quoted(text));
            }
            Block::Paragraph(text) => {
                page.push_str(if was_heading { "" } else { ".PP\n" });
                page.push_str(&filled(text));
            }
            Block::Item(text) => {
                let _ = write!(page, ".IP \\(bu 2\n{}", filled(text));
            }
            Block::Code(lines) => {
                page.push_str(if was_heading { "" } else { ".PP\n" });
                page.push_str(".RS 4\n.EX\n");
                for line in lines {
                    let _ = writeln!(page, "{}", guarded(&code(line)));
                }
                page.push_str(".EE\n.RE\n");
            }
            Block::Table(head, rows) => {
                for row in rows {
                    page.push_str(&entry(head, row));
                }
            }
        }
    }
    page
}

/// A row of a table: what is explained, and what is said of it.
fn entry(head: &[String], row: &[String]) -> String {
    let mut cells = head.iter().zip(row);
    let tag = cells.next().map_or("", |(_, cell)| cell);
    let text = cells.next().map_or("", |(_, cell)| cell);
    let mut entry = format!(".TP 8\n{}\n{}", guarded(&inline(tag)), filled(text));
    for (name, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
        let _ = write!(entry, "{}", filled(&format!("({name}: {cell}.)")));
    }
    entry
}

/// An argument of a macro.
fn quoted(text: &str) -> String {
    format!("\"{}\"", inline(text).replace('"', "\\(dq"))
}

/// Running text in short lines, none of which looks like a request.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        let mut length = 0;
        for word in inline(line).split(' ').filter(|word| !word.is_empty()) {
            if length > 0 && length + 1 + word.len() > WIDTH {
                filled.push('\n');
                length = 0;
            }
            if length == 0 {
                let word = guarded(word);
                length = word.len();
                filled.push_str(&word);
            } else {
                length += 1 + word.len();
                filled.push(' ');
                filled.push_str(word);
            }
        }
        filled.push('\n');
    }
    filled
}

/// Keeps a line from being a request.
fn guarded(line: &str) -> String {
    if line.starts_with(['.', '\'']) {
        format!("\\&{line}")
    } else {
        line.to_owned()
    }
}

/// Text with code, emphasis and links.
fn inline(text: &str) -> String {
    let mut roff = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let (part, left) = match first {
            '`' => {
                let fence = rest.len() - rest.trim_start_matches('`').len();
                let (fence, opened) = rest.split_at(fence);
                match opened.split_once(fence) {
                    Some((inside, left)) => (literal(inside.trim()), left),
                    None => (plain(fence), opened),
                }
            }
            '*' => match behind
                .strip_prefix('*')
                .and_then(|opened| opened.split_once("**"))
            {
                Some((inside, left)) => (format!("\\fB{}\\fR", inline(inside)), left),
                None => ("*".to_owned(), behind),
            },
            '[' => match link(rest) {
                Some((label, target, left)) if target.contains("://") => {
                    (format!("{} <{}>", inline(label), plain(target)), left)
                }
                Some((label, _, left)) => (inline(label), left),
                None => ("[".to_owned(), behind),
            },
            '\\' if behind.starts_with(|c: char| c.is_ascii_punctuation()) => {
                let (escaped, left) = behind.split_at(1);
                (plain(escaped), left)
            }
            first => (plain(first.encode_utf8(&mut [0; 4])), behind),
        };
        roff.push_str(&part);
        rest = left;
    }
    roff
}

/// `[label](target)` at the beginning of a text, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, behind) = text.strip_prefix('[')?.split_once("](")?;
    let (target, left) = behind.split_once(')')?;
    (!label.contains(['[', '\n'])).then_some((label, target, left))
}

/// What is typed; an argument of an option is a name for it.
fn literal(text: &str) -> String {
    match text.split_once(' ') {
        Some((option, argument)) if option.starts_with('-') => {
            format!("\\fB{}\\fR \\fI{}\\fR", code(option), code(argument))
        }
        _ => format!("\\fB{}\\fR", code(text)),
    }
}

/// Characters that mean themselves, also where they are copied from the page.
pub fn code(text: &str) -> String {
    text.chars().fold(String::new(), |mut roff, character| {
        match character {
            '-' => roff.push_str("\\-"),
            '\'' => roff.push_str("\\(aq"),
            '`' => roff.push_str("\\(ga"),
            '^' => roff.push_str("\\(ha"),
            '~' => roff.push_str("\\(ti"),
            other => roff.push_str(&plain(other.encode_utf8(&mut [0; 4]))),
        }
        roff
    })
}

/// Text without any meaning to roff.
fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut roff, character| {
        match character {
            '\\' => roff.push_str("\\e"),
            '→' => roff.push_str("\\(->"),
            '…' => roff.push_str("\\&...\\&"),
            other if other.is_ascii() => roff.push(other),
            other => {
                let _ = write!(roff, "\\[u{:04X}]", u32::from(other));
            }
        }
        roff
    })
}

#[test]
fn markdown_is_taken_apart() {
    let text = "<!-- x -->\n\n# a\n\nOne.\nTwo.\n\n- b\n  c\n- d\n\n````text\n```\n````\n\n\
                | h | i |\n| --- | --- |\n| `a \\| b` | c |\n";
    let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    assert_eq!(
        blocks(text),
        [
            Block::Heading(1, "a".to_owned()),
            Block::Paragraph("One.\nTwo.".to_owned()),
            Block::Item("b\nc".to_owned()),
            Block::Item("d".to_owned()),
            Block::Code(Vec::from(["```".to_owned()])),
            Block::Table(cells(&["h", "i"]), Vec::from([cells(&["`a | b`", "c"])])),
        ]
    );
}

/// What looks like a request, an escape or a quote to roff is none in the page.
#[test]
fn nothing_in_a_text_is_a_request() {
    for (text, roff) in [
        (".x", "\\&.x\n"),
        ("`.x`", "\\fB.x\\fR\n"),
        ("a\\b", "a\\eb\n"),
        ("`-x code` -y", "\\fB\\-x\\fR \\fIcode\\fR -y\n"),
        ("[`if`](if.md): **now**", "\\fBif\\fR: \\fBnow\\fR\n"),
        ("a \\< b", "a < b\n"),
        ("`it's`", "\\fBit\\(aqs\\fR\n"),
        ("ä…", "\\[u00E4]\\&...\\&\n"),
    ] {
        assert_eq!(filled(text), roff, "{text}");
    }
    let long = "'word ".repeat(40);
    for line in filled(&long).lines() {
        assert!(line.len() <= 80 && line.starts_with("\\&'"), "{line}");
    }
}
