//! Source directories made of what may stand in them, right and wrong, by chance that is the
//! same every time.

/// A source of chance: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// True in so many of a hundred cases.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// Mostly from the first list.
    fn mostly<'a>(&mut self, right: &[&'a str], wrong: &[&'a str]) -> &'a str {
        if self.percent(96) {
            self.one_of(right)
        } else {
            self.one_of(wrong)
        }
    }
}

const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

#[derive(Clone, Copy, PartialEq)]
enum What {
    Longrun,
    Oneshot,
    Bundle,
}

struct Source {
    chance: Chance,
    kinds: Vec<What>,
    text: String,
}

/// The source directory of this number.
pub fn source(seed: u64) -> String {
    let mut chance = Chance(seed);
    let count = 2 + chance.below(NAMES.len() - 1);
    let kinds = (0..count)
        .map(|_| match chance.below(5) {
            0 | 1 => What::Longrun,
            2 | 3 => What::Oneshot,
            _ => What::Bundle,
        })
        .collect();
    let mut source = Source {
        chance,
        kinds,
        text: String::new(),
    };
    for place in 0..count {
        source.definition(place);
    }
    source.pipeline();
    source.beside();
    source.text
}

impl Source {
    /// A file whose content is written with escapes, and ends as it is written.
    fn file(&mut self, path: &str, content: &str) {
        self.text += &match content.strip_suffix("\\n") {
            Some(content) => format!("== {path} escapes\n{content}\n"),
            None if content.is_empty() => format!("== {path}\n"),
            None => format!("== {path} escapes no-newline\n{content}\n"),
        };
    }

    fn maybe(&mut self, percent: usize, path: &str, right: &[&str], wrong: &[&str]) {
        if self.chance.percent(percent) {
            let content = self.chance.mostly(right, wrong);
            self.file(path, content);
        }
    }

    fn definition(&mut self, place: usize) {
        let name = NAMES[place];
        let kind = self.kinds[place];
        let word = match kind {
            What::Longrun => "longrun",
            What::Oneshot => "oneshot",
            What::Bundle => "bundle",
        };
        let ending = self.chance.mostly(
            &["\\n", "\\n", ""],
            &["\\n\\n", " \\n", "\\r\\n", "\\0", "\\0\\n", "X"],
        );
        if !self.chance.percent(1) {
            self.file(&format!("{name}/type"), &format!("{word}{ending}"));
        }
        match kind {
            What::Longrun => self.longrun(name),
            What::Oneshot => self.oneshot(name),
            What::Bundle => {}
        }
        let list = if kind == What::Bundle {
            "contents"
        } else {
            "dependencies"
        };
        self.names(place, list);
        // What is not read may say anything.
        let other = if kind == What::Bundle {
            "dependencies.d/nowhere"
        } else {
            "contents.d/nowhere"
        };
        self.maybe(5, &format!("{name}/{other}"), &[""], &[""]);
        self.maybe(5, &format!("{name}/README"), &["}\\n"], &["\\r\\n"]);
        self.maybe(3, &format!("{name}/flag-essential"), &[""], &["yes\\n"]);
    }

    fn longrun(&mut self, name: &str) {
        match self.chance.below(60) {
            0 => {}
            1 => self.text += &format!("== {name}/run/\n"),
            2 => self.text += &format!("== {name}/run -> nowhere\n"),
            3 => self.text += &format!("== {name}/run -> ../anchor/type\n"),
            _ => self.file(&format!("{name}/run"), "#!/bin/sh\\n"),
        }
        self.maybe(10, &format!("{name}/finish"), &["}\\n", ""], &["{\\n"]);
        for file in [
            "notification-fd",
            "lock-fd",
            "timeout-kill",
            "timeout-finish",
            "max-death-tally",
        ] {
            self.maybe(
                8,
                &format!("{name}/{file}"),
                &["3\\n", "4", "0\\n", "5\\n\\n", "6\\nx", "007\\n", "3\\0x"],
                &[
                    "",
                    "3\\r\\n",
                    " 3\\n",
                    "3 \\n",
                    "-1\\n",
                    "5s\\n",
                    "4294967296\\n",
                    "\\n3",
                ],
            );
        }
        self.timeouts(name);
        self.maybe(4, &format!("{name}/up"), &["}\\n"], &[""]);
        self.maybe(4, &format!("{name}/down"), &[""], &["{\\n"]);
        self.maybe(4, &format!("{name}/log/run"), &["x\\n"], &["x\\n"]);
        self.maybe(4, &format!("{name}/down-signal"), &["SIGNONE\\n"], &[""]);
        match self.chance.below(50) {
            0 => self.text += &format!("== {name}/data\n"),
            1 => self.text += &format!("== {name}/env -> nowhere\n"),
            2 => self.text += &format!("== {name}/env/A\n1\n"),
            3 => self.text += &format!("== {name}/data/check -> nowhere\n"),
            _ => {}
        }
    }

    fn oneshot(&mut self, name: &str) {
        match self.chance.below(60) {
            0 => {}
            1 => self.text += &format!("== {name}/up/\n"),
            2 => self.text += &format!("== {name}/up -> nowhere\n"),
            3 => self.text += &format!("== {name}/up -> ../anchor/type\n"),
            _ => {
                let up = self.script();
                self.file(&format!("{name}/up"), up);
            }
        }
        if self.chance.percent(20) {
            let down = self.script();
            self.file(&format!("{name}/down"), down);
        }
        self.timeouts(name);
        self.maybe(4, &format!("{name}/run"), &["}\\n"], &[""]);
        self.maybe(4, &format!("{name}/notification-fd"), &["x\\n"], &[""]);
        self.maybe(4, &format!("{name}/producer-for"), &["nowhere\\n"], &[""]);
        self.maybe(4, &format!("{name}/data"), &[""], &[""]);
    }

    fn script(&mut self) -> &'static str {
        self.chance.mostly(
            &[
                "true\\n",
                "",
                "if { test -d \\\"/a b\\\" }\\r\\ntrue\\n",
                "#!/bin/sh\\nmkdir /a; echo 'x\\n",
                "# }\\necho \\\\} a}b\\n",
                "echo a#b \\\"\\\"\\n",
                "echo \\\"\\\\x41\\\\n\\\"\\n",
                "background {{ a }} { } b\\n",
            ],
            &[
                "if { true\\n",
                "true }\\n",
                "echo \\\"\\n",
                "echo \\\\",
                "echo \\\"\\\\xg\\\"\\n",
                "echo {x\\n",
                "echo x}\\n",
            ],
        )
    }

    fn timeouts(&mut self, name: &str) {
        for file in ["timeout-up", "timeout-down"] {
            self.maybe(
                6,
                &format!("{name}/{file}"),
                &["3000\\n", "0", "5\\n\\n\\n", "3\\0x"],
                &["", "6\\nx", "3\\r\\n", "5s\\n", "4294967296\\n", "\\n3"],
            );
        }
    }

    /// The list of another definitions' names; mostly of later ones, so that there is no
    /// circle.
    fn names(&mut self, place: usize, list: &str) {
        let name = NAMES[place];
        let count = self.kinds.len();
        let mut names: Vec<String> = Vec::new();
        for _ in 0..self.chance.below(4) {
            let target = match self.chance.below(80) {
                0 => "nowhere".to_owned(),
                1 => "s6rc-fdholder".to_owned(),
                2 | 3 => NAMES[self.chance.below(count)].to_owned(),
                4 => "pipe".to_owned(),
                _ if place + 1 < count => {
                    NAMES[place + 1 + self.chance.below(count - place - 1)].to_owned()
                }
                _ => "anchor".to_owned(),
            };
            if !names.contains(&target) {
                names.push(target);
            }
        }
        let directory = format!("{name}/{list}.d");
        let is_bundle = list == "contents";
        match self.chance.below(40) {
            0 => self.text += &format!("== {directory}\n"),
            1 => self.text += &format!("== {directory} -> nowhere\n"),
            2 => self.text += &format!("== {name}/{list}/x\n"),
            3..=12 => {
                let end = self.chance.mostly(&["\\n"], &["\\r\\n", " \\n"]);
                let lines: Vec<String> = names
                    .iter()
                    .map(|name| format!("{}{name}{end}", self.chance.one_of(&["", " ", "\\t"])))
                    .collect();
                let lines = format!("# all\\n\\n{}", lines.concat());
                self.file(&format!("{name}/{list}"), &lines);
            }
            _ => {
                if is_bundle || !names.is_empty() {
                    self.text += &format!("== {directory}/.keep\n");
                }
                for target in names {
                    self.text += &format!("== {directory}/{target}\n");
                }
                self.maybe(4, &format!("{name}/{list}"), &["nowhere\\n"], &[""]);
            }
        }
    }

    fn pipeline(&mut self) {
        let longruns: Vec<usize> = (0..self.kinds.len())
            .filter(|&place| self.kinds[place] == What::Longrun)
            .collect();
        if longruns.len() < 2 || self.chance.percent(40) {
            return;
        }
        let producer = NAMES[longruns[0]];
        let consumer = match self.chance.below(20) {
            0 => producer,
            1 => NAMES[self.chance.below(self.kinds.len())],
            _ => NAMES[longruns[1]],
        };
        let third = longruns.get(2).map(|&place| NAMES[place]);
        let mut producers = format!("{producer}\\n");
        match self.chance.below(24) {
            0 => self.file(&format!("{producer}/producer-for"), ""),
            1 => self.file(&format!("{producer}/producer-for"), "nowhere\\n"),
            2 => self.file(
                &format!("{producer}/producer-for"),
                &format!("{consumer}\\na\\nb\\n"),
            ),
            3 => {}
            4 => self.file(
                &format!("{producer}/producer-for"),
                &format!("{consumer}\\n#\\n{consumer}\\n"),
            ),
            _ => self.file(
                &format!("{producer}/producer-for"),
                &format!(" {consumer}\\n"),
            ),
        }
        if let Some(third) = third.filter(|_| self.chance.percent(50)) {
            if self.chance.percent(93) {
                self.file(&format!("{third}/producer-for"), &format!("{consumer}\\n"));
            }
            if self.chance.percent(93) {
                producers += &format!("{third}\\n");
            }
        }
        match self.chance.below(24) {
            0 => producers = "#\\n".to_owned(),
            1 => producers += "nowhere\\n",
            2 => producers.clear(),
            _ => {}
        }
        if !producers.is_empty() {
            self.file(&format!("{consumer}/consumer-for"), &producers);
        }
        match self.chance.below(24) {
            0 => self.file(&format!("{consumer}/pipeline-name"), ""),
            1 => self.file(&format!("{consumer}/pipeline-name"), "pipe\\nline\\n"),
            2 => self.file(&format!("{consumer}/pipeline-name"), "a\\n"),
            3 => self.file(&format!("{consumer}/pipeline-name"), "s6rc-pipe\\n"),
            4 => self.file(&format!("{producer}/pipeline-name"), "pipe\\n"),
            5..=16 => self.file(&format!("{consumer}/pipeline-name"), "pipe\\n"),
            _ => {}
        }
    }

    /// What stands beside the definitions.
    fn beside(&mut self) {
        match self.chance.below(60) {
            0 => self.text += "== s6-rc-notes\n",
            1 => self.text += "== link -> nowhere\n",
            2 => self.text += "== link -> anchor\n",
            3 => self.text += "== .hidden/run\n",
            4 => self.text += "== notes.txt\n",
            5 => self.text += "== s6rcs/type\nbundle\n== s6rcs/contents\n",
            6 => self.text += "== empty/\n",
            _ => {}
        }
    }
}
