DROP TABLE pms.certificate_turn;
