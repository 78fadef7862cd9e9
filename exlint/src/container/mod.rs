//! (being written)
#![allow(missing_docs)]
use std::ops::Range;
#[derive(Debug)]
pub struct Container;
pub enum Kind {}
pub struct Fact<T> {
    pub value: T,
    pub span: Range<usize>,
}
pub fn recognise(_: &[u8], _: &[u8]) -> Option<Kind> {
    None
}
pub fn read(_: Kind, _: &[u8]) -> Vec<Container> {
    vec![]
}
pub fn overlay_version(_: &Container) -> Option<Fact<Vec<u8>>> {
    None
}
