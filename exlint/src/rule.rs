//! The shape of a rule: all that is known of it, in one constant.

use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Definition, Model, Script, Service};

/// A rule. Its name is the bad pattern, and reads well behind "allow".
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How bad its findings are, unless one says otherwise.
    pub level: Level,
    /// The version of exlint that brought it.
    pub since: &'static str,
    /// One clause that says what is wrong.
    pub summary: &'static str,
    /// What happens then, and why.
    pub why: &'static str,
    /// A sample (see `tree::sample`) in which it finds something.
    pub bad: &'static str,
    /// The same made good: it finds nothing.
    pub good: &'static str,
    /// Where it can be fixed without asking: why that is safe.
    pub fix: Option<&'static str>,
    /// Looks at one script.
    pub script: Option<fn(&Model<'_>, &Script, &mut Findings<'_>)>,
    /// Looks at one service directory; at the definitions of s6-rc longruns too.
    pub service: Option<fn(&Model<'_>, &Service, &mut Findings<'_>)>,
    /// Looks at one s6-rc definition.
    pub definition: Option<fn(&Model<'_>, &Definition, &mut Findings<'_>)>,
    /// Looks at everything at once.
    pub image: Option<fn(&Model<'_>, &mut Findings<'_>)>,
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// The text of execline scripts.
    Execline,
    /// How scripts are started: first lines, modes, interpreters.
    Start,
    /// s6-rc source directories.
    S6Rc,
    /// Service directories and scan directories.
    Service,
    /// s6-overlay's conventions.
    Overlay,
    /// How an image is put together and started.
    Image,
    /// exlint itself.
    Exlint,
}

impl Group {
    /// Its name in lists and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Execline => "execline",
            Self::Start => "start",
            Self::S6Rc => "s6-rc",
            Self::Service => "service",
            Self::Overlay => "overlay",
            Self::Image => "image",
            Self::Exlint => "exlint",
        }
    }
}

impl Rule {
    /// A rule that looks at nothing yet.
    pub const fn new(
        name: &'static str,
        group: Group,
        level: Level,
        summary: &'static str,
    ) -> Rule {
        Rule {
            name,
            group,
            level,
            since: "0.1.0",
            summary,
            why: "",
            bad: "",
            good: "",
            fix: None,
            script: None,
            service: None,
            definition: None,
            image: None,
        }
    }

    /// What happens, and why.
    pub const fn why(mut self, why: &'static str) -> Rule {
        self.why = why;
        self
    }

    /// A sample in which it finds something, and the same made good.
    pub const fn samples(mut self, bad: &'static str, good: &'static str) -> Rule {
        self.bad = bad;
        self.good = good;
        self
    }

    /// It can be fixed without asking, for this reason.
    pub const fn fix(mut self, why_safe: &'static str) -> Rule {
        self.fix = Some(why_safe);
        self
    }

    /// Looks at each script.
    pub const fn script(mut self, check: fn(&Model<'_>, &Script, &mut Findings<'_>)) -> Rule {
        self.script = Some(check);
        self
    }

    /// Looks at each service directory.
    pub const fn service(mut self, check: fn(&Model<'_>, &Service, &mut Findings<'_>)) -> Rule {
        self.service = Some(check);
        self
    }

    /// Looks at each s6-rc definition.
    pub const fn definition(
        mut self,
        check: fn(&Model<'_>, &Definition, &mut Findings<'_>),
    ) -> Rule {
        self.definition = Some(check);
        self
    }

    /// Looks at everything at once.
    pub const fn image(mut self, check: fn(&Model<'_>, &mut Findings<'_>)) -> Rule {
        self.image = Some(check);
        self
    }
}
