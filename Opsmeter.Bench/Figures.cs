namespace Opsmeter.Bench;

/// <summary>Prints what was measured beside what it should be.</summary>
internal static class Figures
{
    /// <summary>How to start it.</summary>
    public static int Usage()
    {
        Console.Error.WriteLine("""
            dotnet run -c Release --project Opsmeter.Bench [-- report [FOLDER] | throughput | holds | alerts | visible | keys | start | soak [MINUTES] | slow [CONNECTIONS [SECONDS]] | cardinality [NAMES] | generate FOLDER [REQUESTS [DAYS [random]]] | reports FOLDER | ingest FOLDER | replay FOLDER | faults KIND [TIMES]]
              report      writes docs/performance.md: all figures in one run; in FOLDER stores of a million and of ten million
                          requests are kept, and made the first time
              throughput  durable ingest and decisions against an endpoint in the same process that only parses and answers
              holds       decisions that hold their estimate, while 1,000 requests a second are ingested
              alerts      from a limit passed on disk to the message at its receiver
              visible     from the answer to a request to its line on Overview, in Chromium
              keys        the time that a key's check takes, and what a flood of unknown keys costs
              start       from the start of the process to ready with the demo month made, and its memory
              soak        an hour, or as many minutes as asked, of steady traffic and pages: what grows, what slows down
              slow        what others wait while 2,000 connections are slow on purpose for 30 s, or as many as asked
              cardinality memory, pages and money after 100,000 new endpoint tags and users, or as many as asked
              generate    fills a data folder with 10,000,000 requests over 90 days, or as many as asked, and where asked with ids in no order
              reports     what the pages' queries take on such a folder, and the bytes a request takes in it
              replay      a draft on a million requests of such a folder, under every cap
              faults      kill [CYCLES], power [CUTS], io [EVERY], disk, backup [TIMES], restart [TIMES]: what is lost when something
                          breaks; power, io and disk need Linux, root, strace, mount and fsfreeze
              ingest      durable ingest into such a folder as a share of that into an empty one; adds requests to it
            """);
        return 2;
    }

    /// <summary>A line that only informs.</summary>
    public static void Say(string name, string value) => Console.WriteLine($"{name,-46} {value}");

    /// <summary>A line with its goal; returns 0 when it is met.</summary>
    public static int Judge(string name, string value, string goal, bool isMet)
    {
        Console.WriteLine($"{name,-46} {value,-16} goal {goal,-12} {(isMet ? "met" : "MISSED")}");
        return isMet ? 0 : 1;
    }

    /// <summary>The value below which a share of the values lies (nearest rank).</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);
}
