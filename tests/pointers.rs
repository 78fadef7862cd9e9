//! What the program does on raw pointers, in a program with std: its allocator against a model,
//! the lists that the kernel puts on the stack, and the functions of a C library that compiled
//! code calls.
//!
//! Inputs are drawn from a fixed seed. It is written so that
//! `cargo +nightly miri test --test pointers` runs all but the last, which are assembly, and
//! that an address sanitizer can watch it. `EXECLINE_CASES` tries more inputs.
//!
//! It deliberately asks for no more memory than there is: that is `limits.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![allow(unsafe_code, reason = "allocators and raw lists are called so")]

extern crate alloc;

#[path = "../src/bin/execline/allocator.rs"]
mod allocator;
#[path = "../src/bin/execline/start/lists.rs"]
mod lists;
#[cfg(not(miri))]
#[path = "../src/bin/execline/memory.rs"]
mod memory;

use std::alloc::{GlobalAlloc, Layout};
use std::collections::BTreeSet;
use std::ffi::{CStr, CString};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use allocator::Allocator;

fn cases() -> Config {
    let usual = if cfg!(miri) { 4 } else { 64 };
    let cases = std::env::var("EXECLINE_CASES").map_or(usual, |cases| cases.parse().unwrap());
    Config {
        cases,
        rng_seed: RngSeed::Fixed(0),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A block and what is in it.
struct Block {
    start: *mut u8,
    layout: Layout,
    content: u8,
}

impl Block {
    fn new(allocator: &Allocator, size: usize, align: usize, content: u8) -> Block {
        let layout = Layout::from_size_align(size, align).unwrap();
        // SAFETY: the size is not zero.
        let start = unsafe { allocator.alloc(layout) };
        assert!(!start.is_null(), "{size} bytes");
        assert_eq!(start.addr() % align, 0, "{size} bytes aligned to {align}");
        // SAFETY: so long the block is.
        unsafe { start.write_bytes(content, size) };
        Block {
            start,
            layout,
            content,
        }
    }

    /// The first bytes of it hold what was written there.
    fn check(&self, length: usize) {
        // SAFETY: so long the block is, and all of it was written.
        let bytes = unsafe { std::slice::from_raw_parts(self.start, length) };
        assert!(bytes.iter().all(|&byte| byte == self.content));
    }

    fn resize(&mut self, allocator: &Allocator, size: usize) {
        self.check(self.layout.size());
        let kept = size.min(self.layout.size());
        // SAFETY: the block is the allocator's, and the size is not zero.
        self.start = unsafe { allocator.realloc(self.start, self.layout, size) };
        assert!(!self.start.is_null(), "{size} bytes");
        self.layout = Layout::from_size_align(size, self.layout.align()).unwrap();
        self.check(kept);
        // SAFETY: so long the block is.
        unsafe { self.start.write_bytes(self.content, size) };
    }

    fn give_back(self, allocator: &Allocator) {
        self.check(self.layout.size());
        // SAFETY: the block is the allocator's, and forgotten here.
        unsafe { allocator.dealloc(self.start, self.layout) };
    }
}

/// An allocator, at a place where it stays: its first blocks are in it.
fn fresh() -> Box<Allocator> {
    let allocator = Box::new(Allocator::new());
    allocator.begin();
    allocator
}

/// What is asked of it. The number chooses among the blocks there are.
#[derive(Clone, Debug)]
enum Step {
    Take { size: usize, align: usize },
    Resize { which: usize, size: usize },
    GiveBack { which: usize },
}

/// Most sizes are small; some are larger than what is mapped for itself.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![
        4 => 1..64usize,
        4 => 1..400usize,
        2 => 1..5000usize,
        1 => 120_000..140_000usize,
        1 => 1..400_000usize,
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let align =
        prop_oneof![8 => Just(8), 2 => Just(1), 2 => Just(16), 1 => Just(64), 1 => Just(4096)];
    prop_oneof![
        3 => (size(), align).prop_map(|(size, align)| Step::Take { size, align }),
        2 => (any::<usize>(), size()).prop_map(|(which, size)| Step::Resize { which, size }),
        2 => any::<usize>().prop_map(|which| Step::GiveBack { which }),
    ]
}

proptest! {
    #![proptest_config(cases())]

    /// The model is what was written: whatever happens to other blocks, it is still there.
    #[test]
    fn blocks_keep_what_is_in_them(steps in vec(step(), 1..200)) {
        let allocator = fresh();
        let mut blocks: Vec<Block> = Vec::new();
        for (step, content) in steps.into_iter().zip((1..=u8::MAX).cycle()) {
            match step {
                Step::Take { size, align } => {
                    blocks.push(Block::new(&allocator, size, align, content));
                }
                Step::Resize { which, size } if !blocks.is_empty() => {
                    let which = which % blocks.len();
                    // Nobody in the program resizes what is aligned to more than its words.
                    if blocks[which].layout.align() <= 16 {
                        blocks[which].resize(&allocator, size);
                    }
                }
                Step::GiveBack { which } if !blocks.is_empty() => {
                    blocks.swap_remove(which % blocks.len()).give_back(&allocator);
                }
                _ => {}
            }
            for block in &blocks {
                block.check(block.layout.size().min(64));
            }
        }
        for block in blocks {
            block.give_back(&allocator);
        }
    }

    /// The kernel's layout: a count, argv, environment, auxiliary vector.
    #[test]
    fn what_the_kernel_lays_out_is_found(
        argv in vec("[^\0]{0,20}", 0..20),
        environment in vec("[A-Z]{1,5}=[^\0]{0,20}", 0..20),
        file in "[^\0]{0,30}",
        others in vec((100..200usize, any::<usize>()), 0..5),
    ) {
        let owned = |texts: &[String]| -> Vec<CString> {
            texts.iter().map(|text| CString::new(&**text).unwrap()).collect()
        };
        // They live as long as the words, which say that they live forever.
        let (argv, environment) = (owned(&argv), owned(&environment));
        let file = CString::new(file).unwrap();
        let mut stack: Vec<usize> = vec![argv.len()];
        for list in [&argv, &environment] {
            stack.extend(list.iter().map(|string| string.as_ptr().expose_provenance()));
            stack.push(0);
        }
        for (kind, value) in &others {
            stack.extend([*kind, *value]);
        }
        let has_file = !file.is_empty();
        if has_file {
            stack.extend([
                usize::try_from(libc::AT_EXECFN).unwrap(),
                file.as_ptr().expose_provenance(),
            ]);
        }
        stack.extend([0, 0]);
        // SAFETY: the lists are there, each with its end.
        let (words, variables, path, distance) = unsafe {
            let (words, behind) = lists::strings(stack.as_ptr().add(1));
            let (variables, auxiliary) = lists::strings(behind);
            let distance = auxiliary.offset_from(stack.as_ptr());
            (words, variables, lists::executed_file(auxiliary), distance)
        };
        let same = |words: &[execline::block::Word<'_>], strings: &[CString]| {
            words.iter().map(|word| &**word).eq(strings.iter().map(CString::as_c_str))
        };
        prop_assert!(same(&words, &argv) && same(&variables, &environment));
        prop_assert_eq!(usize::try_from(distance).unwrap(), argv.len() + environment.len() + 3);
        let expected: &CStr = if has_file { &file } else { c"" };
        prop_assert_eq!(path, expected);
    }
}

#[cfg(not(miri))]
proptest! {
    #![proptest_config(cases())]

    #[test]
    fn memory_is_moved_set_and_compared_as_in_c(
        bytes in vec(any::<u8>(), 1..300),
        other in vec(any::<u8>(), 300),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        length in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        let length = length.index(bytes.len() - from.max(to) + 1);
        let (mut moved, mut model) = (bytes.clone(), bytes.clone());
        let base = moved.as_mut_ptr();
        // SAFETY: both ranges are in the buffer.
        let result = unsafe { memory::memmove(base.add(to), base.add(from), length) };
        model.copy_within(from..from + length, to);
        prop_assert_eq!(result, base.wrapping_add(to));
        prop_assert_eq!(&moved, &model);

        // SAFETY: the ranges are in two buffers.
        unsafe { memory::memcpy(moved.as_mut_ptr().add(to), other.as_ptr().add(from), length) };
        model[to..to + length].copy_from_slice(&other[from..from + length]);
        prop_assert_eq!(&moved, &model);

        // SAFETY: the range is in the buffer.
        unsafe { memory::memset(moved.as_mut_ptr().add(from), byte.into(), length) };
        model[from..from + length].fill(byte);
        prop_assert_eq!(&moved, &model);

        // Equal up to some place, most often.
        let mut changed = moved.clone();
        changed[to] = byte;
        for (left, right) in [(&moved, &changed), (&moved, &other[..moved.len()].to_vec())] {
            // SAFETY: both buffers have this length.
            let (order, equal) = unsafe {
                (
                    memory::memcmp(left.as_ptr(), right.as_ptr(), left.len()),
                    memory::bcmp(left.as_ptr(), right.as_ptr(), left.len()),
                )
            };
            prop_assert_eq!(order.cmp(&0), left.cmp(right));
            prop_assert_eq!(equal == 0, left == right);
        }
    }

    /// At each alignment, with anything before the string and behind it.
    #[test]
    fn a_string_ends_at_its_first_nul(
        before in vec(any::<u8>(), 0..40),
        string in vec(1..=u8::MAX, 0..100),
        behind in vec(any::<u8>(), 16),
    ) {
        let all = [before.as_slice(), &string, &[0], &behind].concat();
        // SAFETY: the string ends inside the buffer.
        let length = unsafe { memory::strlen(all.as_ptr().add(before.len())) };
        prop_assert_eq!(length, string.len());
    }
}

#[test]
fn every_size_gets_as_much_as_it_asks_for() {
    let allocator = fresh();
    let sizes = (1..3000).chain([4096, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073]);
    let blocks: Vec<Block> = sizes
        .step_by(if cfg!(miri) { 37 } else { 1 })
        .zip((1..=u8::MAX).cycle())
        .map(|(size, content)| Block::new(&allocator, size, 8, content))
        .collect();
    for block in blocks {
        block.give_back(&allocator);
    }
}

#[test]
fn what_is_given_back_is_given_again() {
    let allocator = fresh();
    let take = || -> Vec<Block> {
        (1..400)
            .map(|size| Block::new(&allocator, size, 8, 1))
            .collect()
    };
    let starts = |blocks: &[Block]| -> BTreeSet<usize> {
        blocks.iter().map(|block| block.start.addr()).collect()
    };
    let first = take();
    let places = starts(&first);
    assert_eq!(places.len(), first.len());
    for block in first {
        block.give_back(&allocator);
    }
    let second = take();
    assert_eq!(starts(&second), places);
    for block in second {
        block.give_back(&allocator);
    }
}
