using CsCheck;

namespace Opsmeter.Tests.Support;

/// <summary>Generates one of some values, each as likely.</summary>
internal static class Pick
{
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
