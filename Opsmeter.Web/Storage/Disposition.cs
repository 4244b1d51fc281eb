namespace Opsmeter.Web.Storage;

/// <summary>Whether a row counts. The numbers are stored: never change them.</summary>
public enum Disposition
{
    Counted = 0,

    /// <summary>Replaced by a later revision that superseded it.</summary>
    Replaced = 1,

    /// <summary>Taken back by a person.</summary>
    Voided = 2,
}
