//! `runblock`: goes on with a block from the positional parameters of the environment.
//!
//! Reference: <https://skarnet.org/software/execline/runblock.html>

use crate::block::{self, Part};
use crate::command::{Command, Example, Operand, flag, value};
use crate::process::argv::strictness;
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::{self, Decimal};
use crate::process::positionals::{POSITIONALS, argument_count, mind_unquoted, positional};
use crate::process::{Call, Engine, Environment, Failure, Letters, Outcome, Reach, Stop};
use alloc::vec::Vec;

/// The command.
pub const COMMAND: Command =
    Command::new("runblock", "goes on with a block from the parameters", run)
        .usage("runblock [ -P ] [ -n argshift ] [ -r ] n cmd...")
        .options(&[
            flag('P', "leaves the parameters in the environment"),
            value('n', "argshift", "passes over so many parameters first"),
            flag(
                'r',
                "goes on with all that is behind n blocks, instead of the nth one",
            ),
        ])
        .operands(&[
            Operand::Number("n"),
            Operand::Arguments("cmd; the block completes that command line"),
        ])
        .reach(Reach::Words)
        .examples(&[
            Example::new("execlineb -c \"runblock 1\" \" echo\" \" a\" \"\"", "a\n"),
            Example::new(
                "execlineb -c \"runblock 2 echo\" \" a\" \"\" \" b\" \"\"",
                "b\n",
            ),
            Example::new(
                "execlineb -c \"runblock -r 1 echo\" \" a\" \"\" b c",
                "b c\n",
            ),
            Example::new("execlineb -c \"runblock 1\" \" echo\"", "")
                .complains("runblock: fatal: too few arguments\n")
                .code(100),
        ]);

const LETTERS: Letters = COMMAND.letters();

/// The positional parameters, and how far they have been read.
struct Parameters<'p> {
    environment: &'p Environment<'p>,
    strict: u32,
    count: u32,
    at: u32,
}

fn run<'a>(engine: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    let (mut argv, mut environment) = (call.argv, call.environment);
    let (mut keeps, mut takes_rest) = (false, false);
    let mut passed_over = 0;
    argv.options(LETTERS, &mut |letter, argument| {
        match letter {
            b'P' => keeps = true,
            b'r' => takes_rest = true,
            _ => passed_over = number::whole(argument.to_bytes()).ok_or(Failure::Usage)?,
        }
        Ok(())
    })?;
    let number = argv.operand()?;
    let number = number::whole(number.to_bytes())
        .filter(|&number| number > 0 || takes_rest)
        .ok_or(Failure::Usage)?;
    let mut parameters = Parameters {
        strict: strictness(&environment),
        count: argument_count(&environment)?,
        at: passed_over,
        environment: &environment,
    };
    let skipped = if takes_rest { number } else { number - 1 };
    for block in 1..=skipped {
        parameters.block(engine, block, |_| {})?;
    }
    let mut words = argv.into_words();
    if takes_rest {
        if parameters.at >= parameters.count {
            return Ok(Outcome::Exit(0));
        }
        for number in parameters.at + 1..=parameters.count {
            words.push(block::word(positional(&environment, number)?.to_vec()));
        }
    } else {
        let mut found: Vec<Vec<u8>> = Vec::new();
        parameters.block(engine, number, |word| found.push(word.to_vec()))?;
        words.extend(
            found
                .into_iter()
                .map(|word| block::unquote(block::word(word))),
        );
    }
    if !keeps {
        environment
            .pop(&POSITIONALS)
            .map_err(|errno| Failure::system(SYSTEM, &[b"unable to pop environment"], errno))?;
    }
    Ok(Outcome::chain_if_any(words.into(), environment))
}

impl Parameters<'_> {
    /// Gives each word of the block that begins here to `each`, still quoted.
    fn block(
        &mut self,
        engine: &mut Engine,
        block: u32,
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), Stop> {
        let before = self.at;
        loop {
            // Upstream's number wraps around, too.
            self.at = self.at.wrapping_add(1);
            if self.at > self.count {
                return Err(Failure::new(USAGE, &[b"too few arguments"]).into());
            }
            let parameter = positional(self.environment, self.at)?;
            match block::part(&block::word(parameter.to_vec())) {
                Part::End => return Ok(()),
                Part::Quoted => {}
                Part::Unquoted => {
                    let (block, place) = (Decimal::new(block), Decimal::new(self.at - before));
                    let (block, place) = (block.as_bytes(), place.as_bytes());
                    mind_unquoted(engine, self.strict, parameter, block, place)?;
                }
            }
            each(parameter);
        }
    }
}
