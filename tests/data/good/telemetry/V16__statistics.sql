-- The planner takes site and firmware for independent, and they are not: a site is updated as a whole.
CREATE STATISTICS IF NOT EXISTS devices_site_firmware (dependencies, ndistinct)
    ON site_id, firmware FROM devices;
