using SharpFuzz;

namespace Opsmeter.Fuzz;

/// <summary>
/// What afl-fuzz runs, see <c>scripts/fuzz.sh</c>. <c>--planted</c> adds a defect that has to be found; <c>--show FILE</c>
/// reads one input that was kept and lets its exception through.
/// </summary>
internal static class Fuzzing
{
    private const int LargestInput = 1024 * 1024;

    private static int Main(string[] args)
    {
        switch (args)
        {
            case []:
                Fuzzer.OutOfProcess.Run(input => Readers.Read(BytesOf(input)));
                return 0;
            case ["--planted"]:
                Fuzzer.OutOfProcess.Run(input =>
                {
                    var bytes = BytesOf(input);
                    Planted.Look(bytes);
                    Readers.Read(bytes);
                });
                return 0;
            case ["--show", var file]:
                Readers.Read(File.ReadAllBytes(file));
                Console.WriteLine("Nothing was thrown.");
                return 0;
            default:
                Console.Error.WriteLine("Run scripts/fuzz.sh.");
                return 2;
        }
    }

    private static byte[] BytesOf(Stream input)
    {
        using var copy = new MemoryStream();
        input.CopyTo(copy);
        return copy.Length > LargestInput ? [] : copy.ToArray();
    }
}
