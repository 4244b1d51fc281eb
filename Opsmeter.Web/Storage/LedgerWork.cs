namespace Opsmeter.Web.Storage;

/// <summary>Something for the writer to do inside a transaction.</summary>
internal abstract class LedgerWork
{
    /// <summary>How many rows it writes, for the queue's limit.</summary>
    public virtual int Rows => 1;

    /// <summary>True when it shares a transaction with nothing else.</summary>
    public virtual bool IsAlone => false;

    /// <summary>True while it does what takes as long as it takes, as counting a month anew, and waits for no disk.</summary>
    public virtual bool MayTakeLong => false;

    /// <summary>True once its caller was told anything.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Does it; throws when it cannot be done.</summary>
    public abstract void Apply(LedgerSession session);

    /// <summary>Answers the caller; the transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was done.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>Work with an answer.</summary>
internal sealed class LedgerWork<T>(Func<LedgerSession, T> apply, int rows = 1, bool isAlone = false) : LedgerWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private volatile bool _isApplying;

    public override int Rows => rows;

    public override bool IsAlone => isAlone;

    public Task<T> Answer => _answer.Task;

    public override bool IsAnswered => _answer.Task.IsCompleted;

    public override bool MayTakeLong => _isApplying && isAlone;

    public override void Apply(LedgerSession session)
    {
        _isApplying = true;
        try
        {
            _result = apply(session);
        }
        finally
        {
            _isApplying = false;
        }
    }

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception error) => _answer.TrySetException(error);
}
