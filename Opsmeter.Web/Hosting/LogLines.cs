using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Writes an event of the log as one line: time, level, category, message, exception. What would end the line, move the
/// cursor or turn the text around is written as an escape, so that nobody who gets a text into the log can forge a line or
/// play with the terminal of whoever reads it. <c>Logging__Console__FormatterName=json</c> writes JSON instead.
/// </summary>
internal sealed class LogLines(TimeProvider time) : ConsoleFormatter(Format)
{
    /// <summary>The formatter's name in the configuration.</summary>
    public const string Format = "line";

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {LevelOf(logEntry.LogLevel)} {logEntry.Category}: ");
        Append(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            Append(line.Append(' '), exception.ToString());
        }

        textWriter.Write(line.Append('\n'));
    }

    private static void Append(StringBuilder line, string text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '\n':
                    line.Append(@"\n");
                    break;
                case '\r':
                    line.Append(@"\r");
                    break;
                case '\t':
                    line.Append(@"\t");
                    break;
                case var _ when IsHarmful(letter):
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
                    break;
                default:
                    line.Append(letter);
                    break;
            }
        }
    }

    // Control characters, separators of lines, and what turns the direction of text.
    private static bool IsHarmful(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        LogLevel.None => "none",
    };
}
