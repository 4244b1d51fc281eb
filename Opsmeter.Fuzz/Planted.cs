namespace Opsmeter.Fuzz;

/// <summary>
/// A defect on purpose, in no part of the product. Guessing its bytes takes a random fuzzer years; one that is guided by
/// coverage finds them one by one, since each right byte is a new branch.
/// </summary>
internal static class Planted
{
    /// <summary>Looks for <c>bug</c> behind the byte that chooses a reader.</summary>
    /// <exception cref="InvalidTimeZoneException">It is there.</exception>
    public static void Look(byte[] input)
    {
        if (input.Length > 3)
        {
            if (input[1] == (byte)'b')
            {
                if (input[2] == (byte)'u')
                {
                    if (input[3] == (byte)'g')
                    {
                        throw new InvalidTimeZoneException("The planted defect.");
                    }
                }
            }
        }
    }
}
