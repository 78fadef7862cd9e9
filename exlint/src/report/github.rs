//! Workflow commands of GitHub Actions: what is found is shown beside the changed lines.
//! https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
//! Columns are left out where a finding spans lines, because annotations have none there.

use super::visible::visible_breaks;
use super::{Places, Report};
use crate::level::Level;
use std::borrow::Cow;
use std::io;

/// Writes it.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report.texts);
    for finding in report.findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let path = finding.path.strip_prefix(b"./").unwrap_or(&finding.path);
        let path = property(String::from_utf8_lossy(path));
        write!(out, "::{command} file={path}")?;
        if let Some(place) = places.of(&finding.path, finding.span.as_ref()) {
            let (start, end) = (place.start, place.end);
            write!(out, ",line={},endLine={}", start.line, end.line)?;
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
        }
        let title = property(finding.rule.into());
        write!(out, ",title={title}::{}", data((&finding.message).into()))?;
        if !finding.help.is_empty() {
            write!(out, "%0A{}", data((&finding.help).into()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The text after `::`.
fn data(text: Cow<'_, str>) -> String {
    visible_breaks(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: Cow<'_, str>) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn commands_are_escaped() {
        let mut findings = sample::findings();
        findings.push({
            let mut finding = sample::finding("unbound-key", b"./services.d/web/run");
            finding.message = "100%".into();
            finding
        });
        let mut finding = sample::finding("superfluous-block", b"services.d/web/run");
        finding.span = Some(29..61);
        finding.message = "::stop-commands::x".into();
        findings.push(finding);
        let mut out = Vec::new();
        write(&sample::report(&findings), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\
::error file=cont-init.d/10-x,title=hook-not-executable::the hook is not executable%0AMake it executable: `chmod +x`.
::notice file=data/\u{fffd}%0A\\x1b[31m%25%2C%3Arun,line=2,endLine=2,col=3,endColumn=9,title=unused-key::the key \\x1b]0;x\\x07 is never used%0Aat all
::error file=services.d/web/run,line=1,endLine=1,col=24,endColumn=25,title=carriage-return-in-shebang::the first line ends with a carriage return%0ASave the file with Unix line ends.%0AThe kernel looks for a program with that name.
::warning file=services.d/web/run,line=3,endLine=3,col=1,endColumn=19,title=unbound-key::nothing before binds the key caf\u{e9}
::error file=services.d/web/run,title=unbound-key::100%25
::error file=services.d/web/run,line=2,endLine=5,title=superfluous-block::::stop-commands::x
"
        );
    }
}
