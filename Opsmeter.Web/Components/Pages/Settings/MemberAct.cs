namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>What an admin can do with a member.</summary>
public enum MemberAct
{
    ChangeRole,
    Suspend,
    Resume,
    NewPassword,
    ForgetCode,
    Remove,
}
