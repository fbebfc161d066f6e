-- The tables of a release. No name, no NIK, no address, no phone (design section 4).
CREATE TABLE release.meta (key VARCHAR NOT NULL, value VARCHAR);

CREATE TABLE release.area_kecamatan (code VARCHAR NOT NULL, name VARCHAR NOT NULL);

CREATE TABLE release.area_kelurahan (
    code VARCHAR NOT NULL, name VARCHAR NOT NULL, kecamatan_code VARCHAR NOT NULL,
    lat DOUBLE, lon DOUBLE, area_km2 DOUBLE
);

CREATE TABLE release.rt (
    kelurahan_code VARCHAR NOT NULL, rt VARCHAR NOT NULL, household_count INTEGER,
    eligible_count INTEGER, pilot BOOLEAN NOT NULL, lat DOUBLE, lon DOUBLE
);

-- One row a person and cohort. `person` is the first half of HMAC-SHA-256 under the store's key.
CREATE TABLE release.enrolment (
    person UUID NOT NULL, in_other_cohort BOOLEAN NOT NULL, cohort VARCHAR NOT NULL,
    stage VARCHAR NOT NULL, occupation VARCHAR, sex VARCHAR, birth_year SMALLINT,
    kelurahan_code VARCHAR, rt VARCHAR, fund VARCHAR, start_month DATE, end_month DATE,
    income_idr BIGINT,
    -- Why a proposal came back: one word of the programme's vocabulary, never the sender's text.
    reason VARCHAR
);

-- Since when somebody who is not paid stands in a stage, as far as releases can tell: the date of
-- the data of the first release that has it so, and of the last one that has not (NULL: no release
-- tells). Written by `ladder.sql`, carried from release to release.
CREATE TABLE release.stage_entry (
    person UUID NOT NULL, cohort VARCHAR NOT NULL, stage VARCHAR NOT NULL, kelurahan_code VARCHAR,
    entered_by DATE NOT NULL, entered_after DATE, reason VARCHAR
);

-- The steps that people took between two releases; no `to_stage`: no longer on the list. A stage
-- took at least and at most so many days; NULL where no release tells.
CREATE TABLE release.stage_move (
    cohort VARCHAR NOT NULL, kelurahan_code VARCHAR, from_stage VARCHAR NOT NULL, to_stage VARCHAR,
    reason VARCHAR, seen DATE NOT NULL, days_least INTEGER, days_most INTEGER, people BIGINT NOT NULL
);

-- What BPJS Ketenagakerjaan says of a person in a month. The number of its card is never kept.
CREATE TABLE release.bpjs_status (person UUID NOT NULL, month DATE NOT NULL, active BOOLEAN NOT NULL);

CREATE TABLE release.kampung_event (
    kelurahan_code VARCHAR NOT NULL, rt VARCHAR NOT NULL, stage VARCHAR NOT NULL,
    event_date DATE NOT NULL, activity_idr BIGINT, worker_count INTEGER, spk_date DATE,
    jakon_registered BOOLEAN, jakon_paid_idr BIGINT
);

CREATE TABLE release.claim (
    program VARCHAR NOT NULL, paid_date DATE NOT NULL, amount_idr BIGINT NOT NULL,
    kelurahan_code VARCHAR, rt VARCHAR, cohort VARCHAR NOT NULL, event_date DATE, kind VARCHAR
);

-- Where the tables come from, and what became of the rows.
CREATE TABLE release.source (
    table_name VARCHAR NOT NULL, file VARCHAR NOT NULL, sheet VARCHAR NOT NULL, sha256 VARCHAR,
    release VARCHAR NOT NULL, synthetic BOOLEAN NOT NULL,
    rows_read BIGINT, rows_accepted BIGINT, rows_rejected BIGINT, rows_skipped BIGINT
);

CREATE TABLE release.finding (
    table_name VARCHAR NOT NULL, rule VARCHAR NOT NULL, outcome VARCHAR NOT NULL,
    kelurahan_code VARCHAR, row_count BIGINT NOT NULL
);
