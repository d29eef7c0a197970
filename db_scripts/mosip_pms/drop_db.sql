-- By hand alone: all partners, policies and keys are gone with it.
DROP DATABASE IF EXISTS mosip_pms;
