-- Firmware was not reported before version 2: where it is missing it was the first.
UPDATE devices SET firmware = '1.0' WHERE firmware IS NULL AND installed_on < DATE '2025-03-01';
UPDATE devices SET firmware = '2.0-rc;1' WHERE tenant_id = 9001 AND serial IN ('PX-0001', 'PX-0002');
