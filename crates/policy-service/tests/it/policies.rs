mod create;
mod get;
mod get_for_partner;
mod publish;
