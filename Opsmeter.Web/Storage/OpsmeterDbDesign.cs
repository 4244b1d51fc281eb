using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Opsmeter.Web.Storage;

/// <summary>Lets <c>dotnet ef migrations</c> build the model without starting the app.</summary>
internal sealed class OpsmeterDbDesign : IDesignTimeDbContextFactory<OpsmeterDb>
{
    public OpsmeterDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite("Data Source=design.db").Options);
}
