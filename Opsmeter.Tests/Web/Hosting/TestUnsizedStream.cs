namespace Opsmeter.Tests.Web.Hosting;

/// <summary>Does not know its length, so that a client sends it in chunks.</summary>
internal sealed class TestUnsizedStream(byte[] body) : MemoryStream(body)
{
    public override bool CanSeek => false;
}
