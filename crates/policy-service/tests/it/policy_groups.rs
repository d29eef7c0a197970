mod create;
mod deactivate;
mod filter_values;
mod get;
mod list_active;
mod list_all;
mod search;
mod update;
