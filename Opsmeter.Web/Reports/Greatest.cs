namespace Opsmeter.Web.Reports;

/// <summary>Finds the greatest of many numbers without putting all of them in order.</summary>
internal static class Greatest
{
    /// <summary>The places of the greatest numbers, in no order; of equal ones those that come first by another.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="tieOf">What equal ones are ordered by, by their place: the lowest first.</param>
    /// <param name="most">How many are given, at most.</param>
    public static List<int> Of(long[] numbers, Func<int, long> tieOf, int most)
    {
        if (numbers.Length <= most)
        {
            return [.. Enumerable.Range(0, numbers.Length)];
        }

        if (most <= 0)
        {
            return [];
        }

        var greatest = new PriorityQueue<int, long>(most);
        for (var place = 0; place < numbers.Length; place++)
        {
            if (place < most)
            {
                greatest.Enqueue(place, numbers[place]);
            }
            else if (numbers[place] > numbers[greatest.Peek()])
            {
                greatest.DequeueEnqueue(place, numbers[place]);
            }
        }

        var least = numbers[greatest.Peek()];
        var (found, equal) = (new List<int>(most), new List<int>());
        for (var place = 0; place < numbers.Length; place++)
        {
            if (numbers[place] >= least)
            {
                (numbers[place] > least ? found : equal).Add(place);
            }
        }

        found.AddRange(equal.OrderBy(tieOf).Take(most - found.Count));
        return found;
    }
}
