-- The table that takes what became of people, in counts; it lives in memory beside two releases.
-- `leaves`: covered before, in `before_code`; `arrives`: covered after, in `after_code`.
CREATE TABLE tally (
    part VARCHAR NOT NULL, leaves BOOLEAN NOT NULL, arrives BOOLEAN NOT NULL,
    before_code VARCHAR, after_code VARCHAR, likeness UBIGINT, backdated BOOLEAN NOT NULL,
    people BIGINT NOT NULL
);
