//! Cloning a child that shares this process's memory, on x86-64.
//!
//! # Safety
//!
//! See `clone_and_call`.
#![allow(unsafe_code)]

use core::arch::asm;
use core::ffi::c_void;

/// Makes a child with `flags` that calls `function(argument)`, and returns what the
/// kernel returns in the parent: the child's number or a negated error number.
///
/// The child works on the parent's stack, below what the parent has in use: with
/// `CLONE_VFORK` the parent stands still until the child has executed a program or is gone,
/// so nobody else writes there, and no page is touched that would not be touched anyway.
///
/// # Safety
///
/// `flags` must hold `CLONE_VM | CLONE_VFORK`. `function` must never return and must
/// keep to what a child in shared memory may do: system calls, and writes the parent expects.
#[inline(never)]
pub unsafe fn clone_and_call(
    flags: usize,
    function: unsafe extern "C" fn(*mut c_void) -> !,
    argument: *mut c_void,
) -> isize {
    let outcome: isize;
    // SAFETY: the child's stack starts 256 bytes below ours, aligned as a call wants it;
    // memory is clobbered for the compiler, as no option says otherwise.
    unsafe {
        asm!(
            "lea rsi, [rsp - 256]",
            "and rsi, -16",
            "syscall",
            "test rax, rax",
            "jnz 2f",
            // The end of the chain of frames.
            "xor ebp, ebp",
            "mov rdi, r13",
            "call r12",
            "ud2",
            "2:",
            inlateout("rax") libc::SYS_clone as isize => outcome,
            inlateout("rdi") flags => _,
            lateout("rsi") _,
            in("rdx") 0,
            in("r10") 0,
            in("r8") 0,
            in("r12") function,
            in("r13") argument,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    outcome
}
