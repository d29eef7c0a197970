//! Tables of the schemas `pms` and `keymgr`, as the migrations make them.
//!
//! Column order here is the order of our own fresh databases; nothing may rely
//! on it, since adopted databases differ. Timestamps have no zone and are UTC.
#![expect(missing_docs, reason = "columns are documented in the schema contract")]

diesel::table! {
    /// Kinds of partners and whether they need a policy.
    pms.partner_type (code) {
        code -> Text,
        partner_description -> Text,
        is_policy_required -> Bool,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Policy groups.
    pms.policy_group (id) {
        id -> Text,
        name -> Text,
        descr -> Text,
        user_id -> Text,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Policies; the document itself is in `policy_file_id`.
    pms.auth_policy (id) {
        id -> Text,
        policy_group_id -> Nullable<Text>,
        name -> Text,
        descr -> Text,
        policy_file_id -> Text,
        policy_type -> Text,
        version -> Text,
        policy_schema -> Nullable<Text>,
        valid_from_date -> Timestamp,
        valid_to_date -> Timestamp,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// What a policy was after each change.
    pms.auth_policy_h (id, eff_dtimes) {
        id -> Text,
        eff_dtimes -> Timestamp,
        policy_group_id -> Nullable<Text>,
        name -> Text,
        descr -> Text,
        policy_file_id -> Text,
        policy_type -> Text,
        version -> Text,
        policy_schema -> Nullable<Text>,
        valid_from_date -> Timestamp,
        valid_to_date -> Timestamp,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Partners. Address, phone and e-mail are cipher texts when `email_id_hash` is set.
    pms.partner (id) {
        id -> Text,
        policy_group_id -> Nullable<Text>,
        name -> Text,
        address -> Nullable<Text>,
        contact_no -> Nullable<Text>,
        email_id -> Nullable<Text>,
        email_id_hash -> Nullable<Text>,
        certificate_alias -> Nullable<Text>,
        user_id -> Text,
        partner_type_code -> Text,
        approval_status -> Text,
        is_active -> Bool,
        lang_code -> Nullable<Text>,
        logo_url -> Nullable<Text>,
        addl_info -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// What a partner was after each change.
    pms.partner_h (id, eff_dtimes) {
        id -> Text,
        eff_dtimes -> Timestamp,
        policy_group_id -> Nullable<Text>,
        name -> Text,
        address -> Nullable<Text>,
        contact_no -> Nullable<Text>,
        email_id -> Nullable<Text>,
        email_id_hash -> Nullable<Text>,
        certificate_alias -> Nullable<Text>,
        user_id -> Text,
        partner_type_code -> Text,
        approval_status -> Text,
        is_active -> Bool,
        lang_code -> Nullable<Text>,
        logo_url -> Nullable<Text>,
        addl_info -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// More people to reach at a partner.
    pms.partner_contact (id) {
        id -> Text,
        partner_id -> Text,
        contact_no -> Nullable<Text>,
        email_id -> Nullable<Text>,
        email_id_hash -> Nullable<Text>,
        address -> Nullable<Text>,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// API keys.
    pms.partner_policy (policy_api_key) {
        policy_api_key -> Text,
        part_id -> Text,
        policy_id -> Text,
        valid_from_datetime -> Timestamp,
        valid_to_datetime -> Nullable<Timestamp>,
        is_active -> Bool,
        label -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Mapping requests: a partner asks for a policy.
    pms.partner_policy_request (id) {
        id -> Text,
        part_id -> Text,
        policy_id -> Text,
        request_datetimes -> Timestamp,
        request_detail -> Text,
        status_code -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Biometric extractors a partner wants for a policy.
    pms.partner_policy_bioextract (id) {
        id -> Text,
        part_id -> Text,
        policy_id -> Text,
        attribute_name -> Text,
        extractor_provider -> Text,
        extractor_provider_version -> Nullable<Text>,
        biometric_modality -> Text,
        biometric_sub_types -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Which policy serves which credential type of a partner.
    pms.partner_policy_credential_type (part_id, policy_id, credential_type) {
        part_id -> Text,
        policy_id -> Text,
        credential_type -> Text,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// MISP licences.
    pms.misp_license (misp_id, license_key) {
        misp_id -> Text,
        license_key -> Text,
        policy_id -> Nullable<Text>,
        valid_from_date -> Timestamp,
        valid_to_date -> Nullable<Timestamp>,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// OIDC clients.
    pms.oidc_client (id) {
        id -> Text,
        name -> Text,
        rp_id -> Text,
        policy_id -> Text,
        logo_uri -> Text,
        redirect_uris -> Text,
        claims -> Text,
        acr_values -> Text,
        public_key -> Text,
        grant_types -> Text,
        auth_methods -> Text,
        status -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Registrations and updates that were sent to eSignet and whose outcome is not stored.
    pms.oidc_client_intent (client_id, rp_id, digest) {
        client_id -> Text,
        rp_id -> Text,
        digest -> Text,
        busy_until -> Nullable<Timestamp>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        kind -> Text,
        ending -> Nullable<Jsonb>,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// OIDC clients that eSignet had before this service asked for them.
    pms.oidc_client_held (client_id) {
        client_id -> Text,
        cr_dtimes -> Timestamp,
    }
}

diesel::table! {
    /// The client ids that follow from the public keys of OIDC clients.
    pms.oidc_client_key (client_id) {
        client_id -> Text,
        derived_id -> Text,
    }
}

diesel::table! {
    /// Kinds of devices.
    pms.reg_device_type (code) {
        code -> Text,
        name -> Text,
        descr -> Nullable<Text>,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Sub-kinds of devices.
    pms.reg_device_sub_type (code, dtyp_code) {
        code -> Text,
        dtyp_code -> Text,
        name -> Text,
        descr -> Nullable<Text>,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Device models.
    pms.device_detail (id) {
        id -> Text,
        dprovider_id -> Text,
        dtype_code -> Text,
        dstype_code -> Text,
        make -> Text,
        model -> Text,
        partner_org_name -> Nullable<Text>,
        approval_status -> Text,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Which device model works with which SBI. The database has no key here;
    /// device and SBI identify a row for us.
    pms.device_detail_sbi (device_detail_id, sbi_id) {
        dprovider_id -> Text,
        partner_org_name -> Nullable<Text>,
        device_detail_id -> Text,
        sbi_id -> Text,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Secure biometric interfaces (SBI).
    pms.secure_biometric_interface (id) {
        id -> Text,
        sw_binary_hash -> Bytea,
        sw_version -> Text,
        sw_cr_dtimes -> Nullable<Timestamp>,
        sw_expiry_dtimes -> Nullable<Timestamp>,
        approval_status -> Text,
        is_active -> Bool,
        provider_id -> Nullable<Text>,
        partner_org_name -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// What an SBI was after each change.
    pms.secure_biometric_interface_h (id, eff_dtimes) {
        id -> Text,
        sw_binary_hash -> Bytea,
        sw_version -> Text,
        sw_cr_dtimes -> Nullable<Timestamp>,
        sw_expiry_dtimes -> Nullable<Timestamp>,
        approval_status -> Text,
        is_active -> Bool,
        eff_dtimes -> Timestamp,
        provider_id -> Nullable<Text>,
        partner_org_name -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Foundational trust module chips (FTM).
    pms.ftp_chip_detail (id) {
        id -> Text,
        foundational_trust_provider_id -> Text,
        make -> Nullable<Text>,
        model -> Nullable<Text>,
        certificate_alias -> Nullable<Text>,
        partner_org_name -> Nullable<Text>,
        is_active -> Bool,
        approval_status -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// The states of the device registry.
    pms.device_registry_change (id) {
        id -> BigInt,
        changes -> BigInt,
    }
}

diesel::table! {
    /// When certificates of FTM chips begin and end.
    pms.ftm_certificate (certificate_id) {
        certificate_id -> Text,
        /// End of the certificate that the provider uploaded.
        uploaded_not_after -> Timestamp,
        /// Beginning of the certificate that was made of it.
        issued_not_before -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Consent of users, and what they have seen.
    pms.user_details (id) {
        id -> Text,
        user_id -> Text,
        consent_given -> Text,
        consent_given_dtimes -> Timestamp,
        cr_dtimes -> Timestamp,
        cr_by -> Text,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        notifications_seen_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Notifications to partners.
    pms.notifications (id) {
        id -> Text,
        partner_id -> Text,
        notification_type -> Text,
        notification_status -> Text,
        notification_details_json -> Text,
        email_id -> Text,
        email_lang_code -> Text,
        email_sent -> Nullable<Bool>,
        email_sent_dtimes -> Nullable<Timestamp>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Not used; kept for other tools.
    pms.misp (id) {
        id -> Text,
        name -> Text,
        address -> Nullable<Text>,
        contact_no -> Nullable<Text>,
        email_id -> Nullable<Text>,
        user_id -> Text,
        status_code -> Text,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Not used; kept for other tools.
    pms.otp_transaction (id) {
        id -> Text,
        ref_id -> Text,
        otp_hash -> Text,
        generated_dtimes -> Nullable<Timestamp>,
        expiry_dtimes -> Nullable<Timestamp>,
        validation_retry_count -> Nullable<SmallInt>,
        status_code -> Nullable<Text>,
        is_active -> Bool,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Not used; kept for other tools.
    pms.tspid_seq (curr_seq_no) {
        curr_seq_no -> Integer,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Events, audit records and mails that wait for their peer.
    pms.outbox (id) {
        id -> Uuid,
        seq -> BigInt,
        lane -> Text,
        topic -> Text,
        order_key -> Nullable<Text>,
        payload -> Jsonb,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamp,
        leased_until -> Nullable<Timestamp>,
        lease_token -> Nullable<Uuid>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        request_id -> Nullable<Text>,
        is_head -> Bool,
        requeued_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Upload slots: the right to give the key manager a partner's certificate, one
    /// upload of a partner at a time.
    pms.certificate_turn (partner_id) {
        partner_id -> Text,
        token -> Uuid,
        until -> Timestamp,
    }
}

diesel::table! {
    /// Schedules of jobs.
    pms.job_schedule (job) {
        job -> Text,
        expression -> Text,
        time_zone -> Text,
        since -> Timestamp,
    }
}

diesel::table! {
    /// Runs of jobs.
    pms.job_run (job, planned_at) {
        job -> Text,
        planned_at -> Timestamp,
        origin -> Text,
        days -> Array<Date>,
        status -> Text,
        attempts -> Integer,
        holder -> Nullable<Uuid>,
        held_until -> Nullable<Timestamp>,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        examined -> BigInt,
        changed -> BigInt,
        skipped -> BigInt,
        failed -> BigInt,
        counts -> Nullable<Jsonb>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    /// Certificates of certificate authorities, one row per trust domain.
    keymgr.ca_cert_store (cert_id) {
        cert_id -> Text,
        cert_subject -> Text,
        cert_issuer -> Text,
        issuer_id -> Text,
        cert_not_before -> Timestamp,
        cert_not_after -> Timestamp,
        crl_uri -> Nullable<Text>,
        cert_data -> Text,
        cert_thumbprint -> Text,
        cert_sha256 -> Text,
        cert_serial_no -> Text,
        partner_domain -> Text,
        ca_cert_type -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Partner certificates as uploaded and as we signed them.
    keymgr.partner_cert_store (cert_id) {
        cert_id -> Text,
        cert_subject -> Text,
        cert_issuer -> Text,
        issuer_id -> Text,
        cert_not_before -> Timestamp,
        cert_not_after -> Timestamp,
        partner_domain -> Text,
        cert_data -> Text,
        signed_cert_data -> Text,
        key_usage -> Nullable<Text>,
        organization_name -> Text,
        cert_thumbprint -> Text,
        cert_sha256 -> Text,
        cert_serial_no -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
        signed_subject -> Nullable<Text>,
        signed_issuer -> Nullable<Text>,
        signed_not_before -> Nullable<Timestamp>,
        signed_not_after -> Nullable<Timestamp>,
        signed_serial_no -> Nullable<Text>,
        signed_thumbprint -> Nullable<Text>,
        signed_sha256 -> Nullable<Text>,
        public_key_sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    /// Which key serves an application and reference, and from when to when.
    keymgr.key_alias (id) {
        id -> Text,
        app_id -> Text,
        ref_id -> Text,
        key_gen_dtimes -> Timestamp,
        key_expire_dtimes -> Timestamp,
        status_code -> Nullable<Text>,
        lang_code -> Nullable<Text>,
        cert_thumbprint -> Nullable<Text>,
        uni_ident -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Base keys, wrapped by their master key, and certificates of other domains.
    keymgr.key_store (id) {
        id -> Text,
        master_key -> Text,
        private_key -> Text,
        certificate_data -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// How long an application's keys live.
    keymgr.key_policy_def (app_id) {
        app_id -> Text,
        key_validity_duration -> Nullable<SmallInt>,
        is_active -> Bool,
        pre_expire_days -> Nullable<SmallInt>,
        access_allowed -> Nullable<Text>,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
        upd_by -> Nullable<Text>,
        upd_dtimes -> Nullable<Timestamp>,
        is_deleted -> Nullable<Bool>,
        del_dtimes -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Master keys, wrapped by the key encryption key of the installation.
    keymgr.master_key (id) {
        id -> Text,
        kek_id -> Text,
        private_key -> Bytea,
        certificate_data -> Text,
        cr_by -> Text,
        cr_dtimes -> Timestamp,
    }
}

diesel::table! {
    /// Issued certificates that were revoked.
    keymgr.revoked_certificate (cert_id) {
        cert_id -> Text,
        key_id -> Nullable<Text>,
        serial -> Bytea,
        cert_sha256 -> Text,
        public_key_sha256 -> Text,
        cert_not_after -> Timestamp,
        partner_id -> Nullable<Text>,
        reason -> Text,
        key_compromised -> Bool,
        revoked_by -> Text,
        revoked_dtimes -> Timestamp,
    }
}

diesel::table! {
    /// The current list of revoked certificates of each issuing key.
    keymgr.crl (key_id) {
        key_id -> Text,
        crl_number -> BigInt,
        this_update -> Timestamp,
        next_update -> Timestamp,
        crl_data -> Bytea,
    }
}

diesel::table! {
    /// A view: every certificate whose end an operator must watch.
    keymgr.certificate_validity (certificate_id) {
        kind -> Nullable<Text>,
        certificate_id -> Nullable<Text>,
        partner_domain -> Nullable<Text>,
        organization_name -> Nullable<Text>,
        subject -> Nullable<Text>,
        issuer -> Nullable<Text>,
        thumbprint -> Nullable<Text>,
        serial_no -> Nullable<Text>,
        valid_from -> Nullable<Timestamp>,
        valid_till -> Nullable<Timestamp>,
        revoked -> Nullable<Bool>,
    }
}

diesel::table! {
    /// When certificates of partners end, as another key manager than the embedded
    /// one reported once.
    pms.certificate_end (certificate_id) {
        certificate_id -> Text,
        subject -> Nullable<Text>,
        issuer -> Nullable<Text>,
        not_after -> Timestamp,
    }
}

diesel::table! {
    /// A view: the certificates of partners whose end is known here.
    pms.partner_certificate_end (certificate_id) {
        certificate_id -> Nullable<Text>,
        subject -> Nullable<Text>,
        issuer -> Nullable<Text>,
        not_after -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Mails that remind of an end, each sent once.
    pms.expiry_mail (kind, item_hash, ends_at) {
        kind -> Text,
        item_hash -> Text,
        ends_at -> Timestamp,
        cr_dtimes -> Timestamp,
    }
}

diesel::table! {
    /// A view: everything in force that ends.
    pms.expiring (row_key) {
        kind -> Nullable<Text>,
        item_id -> Nullable<Text>,
        item_name -> Nullable<Text>,
        partner_id -> Nullable<Text>,
        partner_name -> Nullable<Text>,
        partner_domain -> Nullable<Text>,
        policy_name -> Nullable<Text>,
        ends_at -> Nullable<Timestamp>,
        row_key -> Nullable<Text>,
    }
}

diesel::joinable!(auth_policy -> policy_group (policy_group_id));
diesel::joinable!(partner -> partner_type (partner_type_code));
diesel::joinable!(partner -> policy_group (policy_group_id));
diesel::joinable!(partner_contact -> partner (partner_id));
diesel::joinable!(partner_policy -> partner (part_id));
diesel::joinable!(partner_policy -> auth_policy (policy_id));
diesel::joinable!(partner_policy_request -> partner (part_id));
diesel::joinable!(partner_policy_request -> auth_policy (policy_id));
diesel::joinable!(partner_policy_bioextract -> partner (part_id));
diesel::joinable!(partner_policy_bioextract -> auth_policy (policy_id));
diesel::joinable!(partner_policy_credential_type -> partner (part_id));
diesel::joinable!(partner_policy_credential_type -> auth_policy (policy_id));
diesel::joinable!(misp_license -> partner (misp_id));
diesel::joinable!(oidc_client -> partner (rp_id));
diesel::joinable!(oidc_client -> auth_policy (policy_id));
diesel::joinable!(device_detail -> partner (dprovider_id));
diesel::joinable!(device_detail_sbi -> device_detail (device_detail_id));
diesel::joinable!(device_detail_sbi -> secure_biometric_interface (sbi_id));
diesel::joinable!(secure_biometric_interface -> partner (provider_id));
diesel::joinable!(ftp_chip_detail -> partner (foundational_trust_provider_id));
diesel::joinable!(notifications -> partner (partner_id));
diesel::joinable!(key_store -> key_alias (id));
diesel::joinable!(master_key -> key_alias (id));
diesel::joinable!(revoked_certificate -> partner_cert_store (cert_id));

diesel::allow_tables_to_appear_in_same_query!(
    auth_policy,
    device_detail,
    device_detail_sbi,
    ftm_certificate,
    ftp_chip_detail,
    misp_license,
    notifications,
    oidc_client,
    partner,
    partner_contact,
    partner_policy,
    partner_policy_bioextract,
    partner_policy_credential_type,
    partner_policy_request,
    partner_type,
    policy_group,
    reg_device_sub_type,
    reg_device_type,
    secure_biometric_interface,
    user_details,
);

diesel::allow_tables_to_appear_in_same_query!(oidc_client, oidc_client_key);
diesel::allow_tables_to_appear_in_same_query!(partner_certificate_end, partner);
diesel::allow_tables_to_appear_in_same_query!(partner_certificate_end, ftp_chip_detail);
diesel::allow_tables_to_appear_in_same_query!(partner_certificate_end, ftm_certificate);
diesel::allow_tables_to_appear_in_same_query!(key_alias, key_store, master_key);
diesel::allow_tables_to_appear_in_same_query!(certificate_validity, partner);
diesel::allow_tables_to_appear_in_same_query!(partner_cert_store, revoked_certificate);
diesel::allow_tables_to_appear_in_same_query!(partner_cert_store, ca_cert_store);
diesel::allow_tables_to_appear_in_same_query!(partner_cert_store, partner);
diesel::allow_tables_to_appear_in_same_query!(partner_cert_store, ftp_chip_detail);
diesel::allow_tables_to_appear_in_same_query!(auth_policy, auth_policy_h);
diesel::allow_tables_to_appear_in_same_query!(partner, partner_h);
diesel::allow_tables_to_appear_in_same_query!(
    secure_biometric_interface,
    secure_biometric_interface_h
);
