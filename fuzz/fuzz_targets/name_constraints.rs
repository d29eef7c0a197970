#![no_main]

#[allow(dead_code, reason = "each program runs one target")]
#[path = "../src/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::name_constraints(data));
