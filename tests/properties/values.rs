//! Substitution and transformation against models that are too slow and too plain to be
//! wrong. No process is started: that commands hand the right values over is shown in
//! `options`.

use execline::substitution::{Keys, Transform, netstring::NotNetstrings, substitute};
use proptest::prelude::*;

use super::agreement::{cases, holds};
use super::value_models::{Known, model, transformed};

#[test]
fn substitution_agrees_with_a_naive_model() {
    let piece = prop::sample::select(vec![
        "$", "{", "}", "\\", "\\\\", "a", "b", "ab", "-", " ", "$a", "${a}", "\\$a", "$b", "${b}",
        "${ab}", "$ab", "$c", "${c}", "$a\\", "",
    ]);
    let word = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let value = prop::sample::select(vec!["", "1", "22", "$a", "\\", "$", "{b}", "a"]);
    let key = prop::sample::select(vec!["a", "b", "ab", "-", "c"]);
    let values = prop::collection::vec(value, 0..4);
    let keys = prop::collection::btree_map(key, values, 0..4);
    holds(cases(1000), &(word, keys), |(word, known)| {
        let known: Vec<Known> = known
            .into_iter()
            .map(|(key, values)| (key.into(), values.into_iter().map(Vec::from).collect()))
            .collect();
        let mut keys = Keys::new();
        for (key, values) in &known {
            keys.push(key, values.clone());
        }
        let mut words = Vec::new();
        let outcome = substitute(word.as_bytes(), &keys, &mut |word| {
            words.push(word);
            Ok(())
        });
        prop_assert_eq!(outcome, Ok(()));
        prop_assert_eq!(words, model(word.as_bytes(), &known));
        Ok(())
    });
}

#[test]
fn transformation_agrees_with_a_naive_model() {
    let piece = prop::sample::select(vec![
        " ", "\n", ":", ",", "a", "b", "1", "1:a,", "0:,", "3:a,b,", "2:", "01:c,",
    ]);
    let value = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let delimiters = prop::sample::select(vec!["", " ", " \n\r\t", ":", ": ", ",a"]);
    let inputs = (value, delimiters, any::<(bool, bool, bool)>());
    holds(cases(1000), &inputs, |(value, delimiters, how)| {
        let (crunch, chomp, split) = how;
        let transform = Transform {
            delimiters,
            crunch,
            chomp,
            split,
        };
        let expected = transformed(value.as_bytes(), delimiters.as_bytes(), how);
        prop_assert_eq!(
            transform.apply(value.as_bytes()),
            expected.ok_or(NotNetstrings)
        );
        Ok(())
    });
}
