using System.Buffers.Text;
using System.Text;

namespace Opsmeter.Web.Reports;

/// <summary>Where a page of budget states ended. The default value stands before all.</summary>
internal readonly record struct StateCursor(string? BudgetId, string? Key)
{
    private const char Separator = '\n';

    public static StateCursor Of(BudgetStateItem item) => new(item.BudgetId, item.Key);

    /// <summary>Reads a cursor; null when it is none of ours.</summary>
    public static StateCursor? Read(string text)
    {
        if (text.Length == 0)
        {
            return default(StateCursor);
        }

        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator, 2);
        return parts.Length == 2 ? new StateCursor(parts[0], parts[1].Length == 0 ? null : parts[1][1..]) : null;
    }

    /// <summary>True when an item was on this page or one before.</summary>
    public bool IsAtOrBefore(BudgetStateItem item)
    {
        if (BudgetId is null)
        {
            return false;
        }

        var byBudget = string.CompareOrdinal(item.BudgetId, BudgetId);
        return byBudget < 0 || (byBudget == 0 && string.CompareOrdinal(item.Key, Key) <= 0);
    }

    /// <inheritdoc />
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{BudgetId}{Separator}{(Key is null ? "" : "=" + Key)}"));
}
