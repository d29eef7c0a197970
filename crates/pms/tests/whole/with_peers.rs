//! `pms up --with-peers`: what a newcomer sees at `/dev`.

mod faults;
mod mount;
mod pages;
mod site;
mod switch;
mod wares;
