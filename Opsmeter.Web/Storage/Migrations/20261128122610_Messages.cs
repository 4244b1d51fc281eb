using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opsmeter.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Messages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Nothing was ever written to it: it is made anew instead of changed.
            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    message_id = table.Column<string>(type: "TEXT", nullable: false),
                    notice_id = table.Column<long>(type: "INTEGER", nullable: true),
                    budget_id = table.Column<string>(type: "TEXT", nullable: false),
                    window_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    target = table.Column<string>(type: "TEXT", nullable: false),
                    target_name = table.Column<string>(type: "TEXT", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    sent_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    parked_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    link_used_ticks = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.AddColumn<long>(
                name: "unreached_ticks",
                table: "incidents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_quiet",
                table: "alerts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "subject",
                table: "alerts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "channels",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: true),
                    former_secret = table.Column<string>(type: "TEXT", nullable: true),
                    former_secret_until_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    failing_since_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    parked_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    parked_reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channels", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "delivery_attempts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    outbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    at_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    milliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_attempts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "escalations",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_ticks = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_escalations", x => new { x.workspace_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "notices",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    budget_id = table.Column<string>(type: "TEXT", nullable: false),
                    window_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    alert_kind = table.Column<int>(type: "INTEGER", nullable: false),
                    notify = table.Column<string>(type: "TEXT", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    due_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    done_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    messages = table.Column<int>(type: "INTEGER", nullable: true),
                    keys = table.Column<int>(type: "INTEGER", nullable: false),
                    excess = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reviews",
                columns: table => new
                {
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    week_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    decisions = table.Column<string>(type: "TEXT", nullable: false),
                    reviewed_by = table.Column<string>(type: "TEXT", nullable: true),
                    reviewed_ticks = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reviews", x => new { x.workspace_id, x.week_start_ticks });
                });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_message_id",
                table: "outbox",
                column: "message_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_next_attempt_ticks",
                table: "outbox",
                column: "next_attempt_ticks");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_notice_id_target",
                table: "outbox",
                columns: new[] { "notice_id", "target" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_workspace_id_budget_id_window_start_ticks",
                table: "outbox",
                columns: new[] { "workspace_id", "budget_id", "window_start_ticks" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_workspace_id_budget_id_key_window_start_ticks",
                table: "alerts",
                columns: new[] { "workspace_id", "budget_id", "key", "window_start_ticks" });

            migrationBuilder.CreateIndex(
                name: "ix_channels_workspace_id_name",
                table: "channels",
                columns: new[] { "workspace_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_delivery_attempts_outbox_id",
                table: "delivery_attempts",
                column: "outbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_escalations_workspace_id_name",
                table: "escalations",
                columns: new[] { "workspace_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_notices_done_ticks_due_ticks",
                table: "notices",
                columns: new[] { "done_ticks", "due_ticks" });

            migrationBuilder.CreateIndex(
                name: "ix_notices_workspace_id_budget_id_window_start_ticks",
                table: "notices",
                columns: new[] { "workspace_id", "budget_id", "window_start_ticks" });

            // Kinds got others among them: those from the warning on moved by three, at their places and in the bits.
            migrationBuilder.Sql(
                """
                UPDATE alerts SET kind = CASE WHEN kind >= 2 THEN kind + 3 ELSE kind END,
                    kinds = (kinds & 2) | ((kinds & 60) << 3), rearmed = (rearmed & 2) | ((rearmed & 60) << 3)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "channels");

            migrationBuilder.DropTable(
                name: "delivery_attempts");

            migrationBuilder.DropTable(
                name: "escalations");

            migrationBuilder.DropTable(
                name: "notices");

            migrationBuilder.DropTable(
                name: "reviews");

            migrationBuilder.DropIndex(
                name: "ix_alerts_workspace_id_budget_id_key_window_start_ticks",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "unreached_ticks",
                table: "incidents");

            migrationBuilder.DropColumn(
                name: "is_quiet",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "subject",
                table: "alerts");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    sent_ticks = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_sent_ticks_next_attempt_ticks",
                table: "outbox",
                columns: new[] { "sent_ticks", "next_attempt_ticks" });

            migrationBuilder.Sql(
                """
                UPDATE alerts SET kind = CASE WHEN kind >= 5 THEN kind - 3 ELSE kind END,
                    kinds = (kinds & 2) | ((kinds >> 3) & 60), rearmed = (rearmed & 2) | ((rearmed >> 3) & 60)
                """);
        }
    }
}
