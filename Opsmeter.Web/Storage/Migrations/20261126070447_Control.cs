using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opsmeter.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Control : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "released_nano",
                table: "meters",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "released_requests",
                table: "meters",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "released_ticks",
                table: "meters",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "released_tokens",
                table: "meters",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "basis",
                table: "holds",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "is_unsettled",
                table: "holds",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "window_end_ticks",
                table: "holds",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "containments",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<int>(type: "INTEGER", nullable: false),
                    dimension = table.Column<int>(type: "INTEGER", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false),
                    within_endpoint = table.Column<string>(type: "TEXT", nullable: true),
                    action = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    created_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    until_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_ticks = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_containments", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_containments_workspace_id_until_ticks",
                table: "containments",
                columns: new[] { "workspace_id", "until_ticks" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "containments");

            migrationBuilder.DropColumn(
                name: "released_nano",
                table: "meters");

            migrationBuilder.DropColumn(
                name: "released_requests",
                table: "meters");

            migrationBuilder.DropColumn(
                name: "released_ticks",
                table: "meters");

            migrationBuilder.DropColumn(
                name: "released_tokens",
                table: "meters");

            migrationBuilder.DropColumn(
                name: "basis",
                table: "holds");

            migrationBuilder.DropColumn(
                name: "is_unsettled",
                table: "holds");

            migrationBuilder.DropColumn(
                name: "window_end_ticks",
                table: "holds");
        }
    }
}
