package dev.partywall.operations.offboarding;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/**
 * Receives each call of a client that changes a table. Reads have no effect, so an end of the
 * process after a read equals one before it.
 */
@FunctionalInterface
public interface WriteHook {
  Set<String> WRITES =
      Set.of(
          "putItem",
          "updateItem",
          "deleteItem",
          "transactWriteItems",
          "createTable",
          "updateTable",
          "updateTimeToLive",
          "updateContinuousBackups",
          "deleteTable");

  /** Makes the call, or throws an exception before or after it. */
  Object around(Supplier<Object> call);

  /** Returns a client that passes its writes to the hook. */
  default DynamoDbClient on(DynamoDbClient client) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            isRequest(arguments)
                ? call(client, method, arguments)
                : forward(proxy, method, arguments);
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            WriteHook.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, handler);
  }

  private Object call(DynamoDbClient client, Method method, Object[] arguments) {
    return WRITES.contains(method.getName())
        ? around(() -> invoke(client, method, arguments))
        : invoke(client, method, arguments);
  }

  /** The default methods of the SDK call those with a request. */
  private static @Nullable Object forward(Object proxy, Method method, Object[] arguments)
      throws Throwable {
    return method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : null;
  }

  private static boolean isRequest(Object[] arguments) {
    return arguments != null && arguments.length == 1 && arguments[0] instanceof DynamoDbRequest;
  }

  private static Object invoke(DynamoDbClient client, Method method, Object[] arguments) {
    // queryPaginator(request) creates the iterable on the wrapped client, which only reads.
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
