//! `path:line:column: level[rule]: message`, one line for each finding and nothing else: no
//! help, and no summary line, so that every line is a finding (who runs it may print
//! [`super::Report::summary`] on standard error). What is about a whole file or directory
//! has neither line nor column: `path: level[rule]: message`.

use super::{Places, Report, visible};
use std::io;

/// Writes it.
pub fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(report.texts);
    for finding in report.findings {
        write!(out, "{}", visible(&finding.path))?;
        if let Some(place) = places.of(&finding.path, finding.span.as_ref()) {
            write!(out, ":{}:{}", place.start.line, place.start.column)?;
        }
        writeln!(
            out,
            ": {}[{}]: {}",
            finding.level.name(),
            finding.rule,
            visible(finding.message.as_bytes())
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_finding_is_a_line() {
        let findings = sample::findings();
        let mut out = Vec::new();
        write(&sample::report(&findings), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\
cont-init.d/10-x: error[hook-not-executable]: the hook is not executable
data/\u{fffd}\\n\\x1b[31m%,:run:2:3: note[unused-key]: the key \\x1b]0;x\\x07 is never used\\nat all
services.d/web/run:1:24: error[carriage-return-in-shebang]: the first line ends with a carriage return
services.d/web/run:3:1: warning[unbound-key]: nothing before binds the key caf\u{e9}
"
        );
    }
}
