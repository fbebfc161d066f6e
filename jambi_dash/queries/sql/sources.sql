-- The sheets that the release is made of.
SELECT table_name, file, sheet, release, synthetic,
    rows_read, rows_accepted, rows_rejected, rows_skipped
FROM source
ORDER BY table_name, file, sheet;
