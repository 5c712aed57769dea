// Checks with the unmodified AWS SDK for JavaScript that the local AWS enforces a session policy.
// Reads its settings from the environment or from target/local.env of a running `./mvnw -Plocal`.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import {
  BatchGetItemCommand, DynamoDBClient, ExecuteStatementCommand, GetItemCommand, QueryCommand,
  ScanCommand, TransactGetItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const file = new URL("../../../target/local.env", import.meta.url);
const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
const local = Object.fromEntries(lines.filter((l) => /^[A-Z_]+=/.test(l)).map((l) => l.split(/=(.*)/s)));
const setting = (name) => process.env[name] ?? local[name] ?? assert.fail(`${name} is not set`);

const region = setting("AWS_REGION");
const table = `${setting("PARTYWALL_TABLE_PREFIX")}orders`;
const sandboxUser = {
  accessKeyId: setting("LOCAL_TINKER_ACCESS_KEY_ID"),
  secretAccessKey: setting("LOCAL_TINKER_SECRET_ACCESS_KEY"),
};
const sts = new STSClient({ region, endpoint: setting("AWS_ENDPOINT_URL_STS"), credentials: sandboxUser });
const dynamo = (credentials) =>
  new DynamoDBClient({ region, endpoint: setting("AWS_ENDPOINT_URL_DYNAMODB"), credentials });

const policy = {
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Action: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
    Resource: `arn:aws:dynamodb:${region}:*:table/${table}`,
    Condition: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["acme"] },
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  }],
};

console.log("caller ", (await sts.send(new GetCallerIdentityCommand({}))).Arn);
const { Credentials: c, AssumedRoleUser: user } = await sts.send(new AssumeRoleCommand({
  RoleArn: setting("LOCAL_TINKER_ROLE_ARN"),
  RoleSessionName: "javascript",
  Policy: JSON.stringify(policy),
}));
console.log("session", user.Arn);
const acme = dynamo({
  accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken,
});

const key = (pk) => ({ pk: { S: pk }, sk: { S: "a" } });
const get = (pk) => ({ Get: { TableName: table, Key: key(pk) } });
const query = (pk) => new QueryCommand({
  TableName: table, KeyConditionExpression: "#p = :p",
  ExpressionAttributeNames: { "#p": "pk" }, ExpressionAttributeValues: { ":p": { S: pk } },
});
const batch = (...pks) => new BatchGetItemCommand({ RequestItems: { [table]: { Keys: pks.map(key) } } });

const allowed = async (description, command, client = acme) => {
  await client.send(command);
  console.log("allowed", description);
};
const denied = async (description, command, client = acme) => {
  await assert.rejects(client.send(command), { name: "AccessDeniedException" }, description);
  console.log("denied ", description);
};

await allowed("get own item", new GetItemCommand({ TableName: table, Key: key("acme") }));
await allowed("query own items", query("acme"));
await allowed("batch of own items", batch("acme"));
await denied("get another tenant's item", new GetItemCommand({ TableName: table, Key: key("globex") }));
await denied("query another tenant's items", query("globex"));
await denied("batch with another tenant's item", batch("acme", "globex"));
await denied("transaction", new TransactGetItemsCommand({ TransactItems: [get("acme"), get("globex")] }));
await denied("scan", new ScanCommand({ TableName: table }));
await denied("statement", new ExecuteStatementCommand({ Statement: `SELECT * FROM "${table}"` }));
await denied("query without the role", query("acme"), dynamo(sandboxUser));
await assert.rejects(dynamo({ ...sandboxUser, secretAccessKey: "wrong" }).send(query("acme")),
  { name: "InvalidSignatureException" });
console.log("denied ", "wrong secret key");

// The service's own role: it needs the session tag, which limits it to one tenant without a session policy.
const service = {
  accessKeyId: setting("AWS_ACCESS_KEY_ID"),
  secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
  sessionToken: setting("AWS_SESSION_TOKEN"),
};
const serviceSts = new STSClient({ region, endpoint: setting("AWS_ENDPOINT_URL_STS"), credentials: service });
const assume = (...tags) => serviceSts.send(new AssumeRoleCommand({
  RoleArn: setting("PARTYWALL_TENANT_ROLE_ARN"), RoleSessionName: "javascript", Tags: tags,
}));
await assert.rejects(assume(), { name: "AccessDenied" });
console.log("denied ", "tenant role without the tag");
await assert.rejects(assume({ Key: "tenant", Value: "" }), { name: "AccessDenied" });
console.log("denied ", "tenant role with an empty tag");
const { Credentials: t } = await assume({ Key: "tenant", Value: "acme" });
const tagged = dynamo({
  accessKeyId: t.AccessKeyId, secretAccessKey: t.SecretAccessKey, sessionToken: t.SessionToken,
});
await allowed("query own items by the tag", query("acme"), tagged);
await denied("query another tenant's items by the tag", query("globex"), tagged);
await denied("scan by the tag", new ScanCommand({ TableName: table }), tagged);
