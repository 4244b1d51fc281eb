using System.Text;
using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Operating;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>How the installation does, read anew every few seconds.</summary>
public sealed partial class DiagnosticsPage(Diagnosis diagnosis, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<DiagnosisGroup> _groups = [];

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var group in _groups)
            {
                text.AppendLine(group.Title);
                foreach (var item in group.Items)
                {
                    text.Append("  ").Append(item.Label).Append(": ").AppendLine(item.Advice is null ? item.Value : $"{item.Value} ({item.Advice})");
                }
            }

            return text.ToString();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc />
    protected override void OnInitialized() => Look();

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(Every, time);
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                Look();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private void Look()
    {
        if (Visitor.Can(Permission.ManageSettings))
        {
            _groups = diagnosis.Read();
        }
    }
}
