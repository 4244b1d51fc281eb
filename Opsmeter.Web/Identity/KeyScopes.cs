namespace Opsmeter.Web.Identity;

/// <summary>What a key may do. The numbers are stored: never change them.</summary>
[Flags]
public enum KeyScopes
{
    None = 0,
    Ingest = 1,
    Decide = 2,
    Read = 4,
    Manage = 8,
    All = Ingest | Decide | Read | Manage,
}
