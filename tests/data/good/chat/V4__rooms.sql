CREATE TABLE "Rooms" (
    tenant_id bigint NOT NULL,
    "roomId" bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000),
    "Topic" text,
    PRIMARY KEY (tenant_id, "roomId")
);
SELECT create_distributed_table('"Rooms"', 'tenant_id', colocate_with => 'workspaces');
