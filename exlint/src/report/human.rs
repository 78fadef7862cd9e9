//! For people: the lines in question, what is wrong with them, what to do next; at the end
//! how much there was. Drawn by miette; what it is given is harmless for terminals.

use super::excerpt::Excerpt;
use super::visible::{visible, visible_lines};
use super::{Places, Report, Terminal};
use crate::finding::{Finding, Related};
use crate::level::Level;
use miette::{
    Diagnostic, GraphicalTheme, LabeledSpan, MietteHandler, MietteHandlerOpts, ReportHandler,
    Severity, SourceCode,
};
use std::fmt;
use std::io;
use std::ops::Range;

/// A related place that is this many lines away is shown in the same excerpt.
const NEAR: usize = 12;

/// Writes it.
pub fn write(report: &Report, terminal: &Terminal, out: &mut dyn io::Write) -> io::Result<()> {
    let handler = graphical(terminal);
    let mut places = Places::new(report.texts);
    for finding in report.findings {
        let shown = Shown::of_finding(finding, &mut places, terminal.unicode);
        let drawn = Drawn(&handler, &shown).to_string();
        // Miette fills lines up with spaces.
        for line in drawn.trim_end().lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", report.summary())
}

fn graphical(terminal: &Terminal) -> MietteHandler {
    let theme = match (terminal.unicode, terminal.colours) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    // The options build a GraphicalReportHandler; they know the width of the terminal.
    let options = MietteHandlerOpts::new()
        .force_graphical(true)
        .graphical_theme(theme)
        .color(terminal.colours)
        .terminal_links(false)
        .without_syntax_highlighting()
        .show_related_errors_as_nested();
    match terminal.width {
        Some(width) => options.width(width.max(40)),
        None => options,
    }
    .build()
}

struct Drawn<'a>(&'a MietteHandler, &'a Shown);

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(self.1, f)
    }
}

/// A finding or a related place in miette's terms.
#[derive(Debug)]
struct Shown {
    severity: Severity,
    code: Option<String>,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    excerpt: Option<Excerpt>,
    related: Vec<Shown>,
}

impl Shown {
    fn of_finding(finding: &Finding, places: &mut Places, unicode: bool) -> Shown {
        let path = visible(&finding.path);
        let lines = places.lines(&finding.path);
        let span = finding.span.clone().zip(lines.as_ref());
        let near = |related: &Related| -> Option<Range<usize>> {
            let (main, lines) = span.as_ref()?;
            let other = related
                .span
                .as_ref()
                .filter(|_| related.path == finding.path)?;
            let distance = lines
                .line_of(main.start)
                .abs_diff(lines.line_of(other.start));
            (distance <= NEAR).then(|| other.clone())
        };
        let mut code = format!("{}[{}]", finding.level.name(), finding.rule);
        let mut shown = Shown {
            severity: match finding.level {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Note => Severity::Advice,
            },
            code: None,
            message: visible(finding.message.as_bytes()),
            help: (!finding.help.is_empty()).then(|| visible_lines(&finding.help)),
            labels: Vec::new(),
            excerpt: None,
            related: Vec::new(),
        };
        if let Some((main, lines)) = &span {
            let mut spans = vec![main.clone()];
            let mut texts = vec![None];
            for related in &finding.related {
                if let Some(span) = near(related) {
                    spans.push(span);
                    texts.push(Some(visible(related.message.as_bytes())));
                }
            }
            let excerpt = Excerpt::of(path, lines, &spans, unicode);
            let pairs = excerpt.spans().iter().zip(texts).enumerate();
            shown.labels = pairs
                .map(|(index, (span, text))| match index {
                    0 => LabeledSpan::new_primary_with_span(text, span.clone()),
                    _ => LabeledSpan::new_with_span(text, span.clone()),
                })
                .collect();
            shown.excerpt = Some(excerpt);
        } else {
            code = format!("{code}: {path}");
        }
        shown.code = Some(code);
        let elsewhere = finding.related.iter().filter(|it| near(it).is_none());
        shown.related = elsewhere
            .map(|it| Shown::of_related(it, places, unicode))
            .collect();
        shown
    }

    fn of_related(related: &Related, places: &mut Places, unicode: bool) -> Shown {
        let path = visible(&related.path);
        let message = visible(related.message.as_bytes());
        let lines = places.lines(&related.path);
        let excerpt = related.span.as_ref().zip(lines).map(|(span, lines)| {
            Excerpt::of(path.clone(), &lines, std::slice::from_ref(span), unicode)
        });
        let spans = excerpt.iter().flat_map(Excerpt::spans);
        let labels = spans.map(|it| LabeledSpan::new_primary_with_span(None, it.clone()));
        Shown {
            severity: Severity::Advice,
            code: None,
            message: match &excerpt {
                Some(_) => message,
                None => format!("{path}: {message}"),
            },
            help: None,
            labels: labels.collect(),
            excerpt,
            related: Vec::new(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = self.code.as_ref()?;
        Some(Box::new(code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|it| it as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self.related.iter().map(|it| it as &dyn Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(related) as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn written(findings: &[Finding], terminal: &Terminal) -> String {
        let mut out = Vec::new();
        write(&sample::report(findings), terminal, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn findings_are_drawn_in_ascii() {
        let found = written(&sample::findings(), &Terminal::plain());
        assert_eq!(
            found,
            "\
error[hook-not-executable]: cont-init.d/10-x

  x the hook is not executable
  help: Make it executable: `chmod +x`.

note[unused-key]

  > the key \\x1b]0;x\\x07 is never used\\nat all
   ,-[data/\u{fffd}\\n\\x1b[31m%,:run:2:3]
 1 | one
 2 |     ^[[2Jtwo ?
   :       ^^^^^^
   `----

error[carriage-return-in-shebang]

  x the first line ends with a carriage return
   ,-[services.d/web/run:1:24]
 1 | #!/command/execlineb -P^M
   :                        ^^
 2 | foo {
   `----
  help: Save the file with Unix line ends.
        The kernel looks for a program with that name.

warning[unbound-key]

  ! nothing before binds the key caf\u{e9}
   ,-[services.d/web/run:3:1]
 1 | #!/command/execlineb -P^M
 2 | foo {
   :     |
   :     `-- the block begins here
 3 | importas -i x caf\u{e9}
   : ^^^^^^^^^^^^^^^^^^
 4 |   web $x
   `----
  |->   > services.d/web: the service
  `->   > it is bound \\x1b here
         ,-[data/\u{fffd}\\n\\x1b[31m%,:run:1:1]
       1 | one
         : ^^^
       2 |     ^[[2Jtwo ?
         `----

2 errors, 1 warning, 1 note in 3 of 14 files; 2 can be fixed with --fix
"
        );
    }

    #[test]
    fn findings_are_drawn_in_unicode() {
        let found = written(&sample::findings()[2..3], &sample::unicode_terminal());
        assert_eq!(
            found,
            "\
error[carriage-return-in-shebang]

  × the first line ends with a carriage return
   ╭─[services.d/web/run:1:24]
 1 │ #!/command/execlineb -P␍
   ·                        ─
 2 │ foo {
   ╰────
  help: Save the file with Unix line ends.
        The kernel looks for a program with that name.

1 error in 1 of 14 files; 1 can be fixed with --fix
"
        );
    }

    #[test]
    fn colours_are_only_there_when_asked_for() {
        let mut terminal = sample::unicode_terminal();
        assert!(!written(&sample::findings(), &terminal).contains('\x1b'));
        terminal.colours = true;
        let coloured = written(&sample::findings(), &terminal);
        assert!(
            coloured.contains("\x1b[31merror[hook-not-executable]"),
            "{coloured}"
        );
        assert!(!coloured.contains("\x1b]0;") && !coloured.contains("\x1b[2J"));
    }

    #[test]
    fn any_span_of_any_text_is_drawn() {
        let texts: &[&[u8]] = &[
            b"",
            b"\n",
            b"a",
            b"a\r\nb\rc\n\n",
            b"\xff\t\xc3\xa9\x1b",
            b"\t\n\t",
        ];
        for text in texts {
            let lookup = |_: &[u8]| Some(std::sync::Arc::from(*text));
            for start in 0..text.len() + 2 {
                for end in 0..text.len() + 3 {
                    let mut finding = sample::finding("x", b"x");
                    finding.span = Some(start..end);
                    finding.related.push(Related {
                        path: b"x".to_vec(),
                        span: Some(end..start),
                        message: "here".into(),
                    });
                    let findings = [finding];
                    let mut report = sample::report(&findings);
                    report.texts = &lookup;
                    for width in [0, 7, 80] {
                        let terminal = Terminal {
                            colours: false,
                            unicode: true,
                            width: Some(width),
                        };
                        let mut out = Vec::new();
                        write(&report, &terminal, &mut out).unwrap();
                        let out = String::from_utf8(out).unwrap();
                        assert!(
                            !out.contains("Failed to read"),
                            "{text:?} {start}..{end}: {out}"
                        );
                    }
                }
            }
        }
    }
}
