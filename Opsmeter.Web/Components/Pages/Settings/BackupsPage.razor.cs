using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Operating;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>The backups there are; admins make one more.</summary>
public sealed partial class BackupsPage(Backups backups, BackupRuns runs, IOptions<BackupOptions> options, ISnackbar snackbar)
{
    private IReadOnlyList<BackupItem> _items = [];
    private bool _isMaking;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private string Subtitle => !backups.IsDaily
        ? $"none is made by itself · the newest {options.Value.Keep} are kept"
        : $"one each day at {options.Value.DailyAt} UTC · the newest {options.Value.Keep} are kept";

    /// <inheritdoc />
    protected override void OnInitialized() => _items = backups.List();

    private async Task MakeAsync()
    {
        _isMaking = true;
        try
        {
            var item = await runs.MakeAsync(Visitor);
            snackbar.Add($"Backup {item.Name} is made and was compared with its hashes.", Severity.Success);
        }
        catch (BackupException error)
        {
            snackbar.Add(error.Message, Severity.Error);
        }
        finally
        {
            _isMaking = false;
            _items = backups.List();
        }
    }
}
