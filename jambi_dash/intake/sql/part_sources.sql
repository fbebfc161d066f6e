-- Where the rows that a partial import leaves in place come from, and what is to be mended in them.
INSERT INTO release.source BY NAME
    FROM earlier.source
    WHERE table_name = $table AND NOT list_contains($gone, release);

INSERT INTO release.finding BY NAME
    FROM earlier.finding
    WHERE table_name = $table
        AND (kelurahan_code IS NULL OR kelurahan_code NOT IN (SELECT code FROM part_area));
