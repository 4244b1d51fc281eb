using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opsmeter.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    budget_id = table.Column<string>(type: "TEXT", nullable: false),
                    budget_name = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    window_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    window_end_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    kinds = table.Column<int>(type: "INTEGER", nullable: false),
                    at_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    recorded_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    measure = table.Column<int>(type: "INTEGER", nullable: false),
                    used = table.Column<long>(type: "INTEGER", nullable: false),
                    limit_value = table.Column<long>(type: "INTEGER", nullable: false),
                    burn_long = table.Column<double>(type: "REAL", nullable: true),
                    burn_short = table.Column<double>(type: "REAL", nullable: true),
                    rearmed = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "incidents",
                columns: table => new
                {
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    budget_id = table.Column<string>(type: "TEXT", nullable: false),
                    window_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    opened_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: false),
                    acknowledged_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    acknowledged_by = table.Column<string>(type: "TEXT", nullable: true),
                    outcome = table.Column<string>(type: "TEXT", nullable: true),
                    snoozed_until_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    recovered_ticks = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_incidents", x => new { x.workspace_id, x.budget_id, x.window_start_ticks });
                });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_workspace_id_budget_id_window_start_ticks_key",
                table: "alerts",
                columns: new[] { "workspace_id", "budget_id", "window_start_ticks", "key" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_workspace_id_recorded_ticks",
                table: "alerts",
                columns: new[] { "workspace_id", "recorded_ticks" });

            migrationBuilder.CreateIndex(
                name: "ix_incidents_workspace_id_opened_ticks",
                table: "incidents",
                columns: new[] { "workspace_id", "opened_ticks" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alerts");

            migrationBuilder.DropTable(
                name: "incidents");
        }
    }
}
