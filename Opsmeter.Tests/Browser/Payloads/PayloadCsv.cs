using System.Text;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>Reads CSV as RFC 4180 says, written for the tests alone.</summary>
internal static class PayloadCsv
{
    /// <summary>The cells of each line.</summary>
    public static List<List<string>> Read(string text)
    {
        var lines = new List<List<string>>();
        var (line, cell, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var (letter, next) = (text[i], i + 1 < text.Length ? text[i + 1] : '\0');
            if (isQuoted)
            {
                if (letter == '"' && next == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (letter == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    cell.Append(letter);
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (letter is ',' or '\n')
            {
                line.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    lines.Add(line);
                    line = [];
                }
            }
            else if (letter != '\r')
            {
                cell.Append(letter);
            }
        }

        return lines;
    }

    /// <summary>What was written, of a cell that says it: without the apostrophe that keeps a spreadsheet from running it.</summary>
    public static string Written(string cell) => cell.Length > 1 && cell[0] == '\'' && "=+-@".Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;
}
