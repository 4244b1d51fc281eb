using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opsmeter.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Enforcement : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "enforcement",
                columns: table => new
                {
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    budget_id = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    endpoint_tag = table.Column<string>(type: "TEXT", nullable: false),
                    window_start_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    spent_nano = table.Column<long>(type: "INTEGER", nullable: false),
                    asked_nano = table.Column<long>(type: "INTEGER", nullable: false),
                    while_blocked_nano = table.Column<long>(type: "INTEGER", nullable: false),
                    blocked = table.Column<long>(type: "INTEGER", nullable: false),
                    block_ignored = table.Column<long>(type: "INTEGER", nullable: false),
                    degraded = table.Column<long>(type: "INTEGER", nullable: false),
                    degrade_ignored = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enforcement", x => new { x.workspace_id, x.budget_id, x.key, x.endpoint_tag });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "enforcement");
        }
    }
}
