-- Attachments, by a driver that writes mixed-case names: they are quoted everywhere, in SQL and in Citus' functions.
SET LOCAL search_path TO chat, public;
CREATE TABLE "MessageAttachments" (
    tenant_id bigint NOT NULL,
    "messageId" uuid NOT NULL,
    "fileName" text NOT NULL CHECK ("fileName" <> ''),
    "sizeBytes" bigint NOT NULL,
    "contentType" text NOT NULL DEFAULT 'application/octet-stream',
    CONSTRAINT "MessageAttachments_key" PRIMARY KEY (tenant_id, "messageId", "fileName"),
    FOREIGN KEY (tenant_id, "messageId") REFERENCES messages (tenant_id, message_id) ON DELETE CASCADE
);
SELECT create_distributed_table('chat."MessageAttachments"', 'tenant_id', colocate_with => 'chat.workspaces');
CREATE INDEX "MessageAttachments_large" ON "MessageAttachments" (tenant_id, "sizeBytes") WHERE "sizeBytes" > 10000000;
