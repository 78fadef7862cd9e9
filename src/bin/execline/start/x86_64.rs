//! The entry point on x86-64.

use core::arch::global_asm;

// The kernel leaves the stack pointer aligned to 16 bytes and every other register free.
global_asm!(
    ".globl _start",
    ".type _start,@function",
    "_start:",
    // The end of the chain of frames.
    "xor ebp, ebp",
    "mov rdi, rsp",
    "call {enter}",
    "ud2",
    ".size _start, . - _start",
    enter = sym super::enter,
);
