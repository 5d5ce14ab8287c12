//! Code, settings, logs and prose without a secret, full of the words that secrets are called by.

pub const ASSIGNMENTS: &str = r##"password = getpass.getpass("Password: ")
password = os.environ["DB_PASSWORD"]
DB_PASSWORD=${DB_PASSWORD}
password: ${{ secrets.DB_PASSWORD }}
password: <your-password>
token: <your-token>
api_key = "your-api-key-here"
API_KEY=xxxxxxxxxxxxxxxxxxxx
password: changeme
password = None
let token: Option<String> = None;
token: null,
secret: true
token: string;
password: string
token_count = 128
max_tokens = 4096
def login(user: str, password: str) -> bool:
secretName: my-tls-cert-2
secretKeyRef:
the token: it is read once
password_hash = hash_password(password)
if (password.length < 8) {
const { password, token } = req.body;
password: z.string().min(8).max(64),
password: { type: String, required: true, minlength: 8 },
'password' => 'required|string|min:8|confirmed',
self.token = token
this.secret = config.secret1;
token = tokenizer.encode(text)[0]
password := r.FormValue("password1")
Password string `json:"password" db:"password_v1"`
String password = request.getParameter("pw1");
<input type="password" name="password" placeholder="Password" minlength="8">
"password": "Passwort",
"forgot_password": "Forgot your password?",
password="%s" % pw
echo "password: $PASSWORD"
--password "$DB_PASSWORD"
token = next(iter(tokens2))
pad_token = "<pad>"
nextToken: a8f5f167f44f4964e6c998dee827110c
csrf_token: "{{ csrf_token() }}"
Authorization: Bearer ${TOKEN}
Authorization: Bearer <token>
curl -u "$USER:$PASS" https://example.com
apiKey: process.env.OPENAI_API_KEY1,
api_key=settings.API_KEY_V2
access_key: var.access_key_1
secret = random_string(32)
password: !vault |
password: [FILTERED]
password=***
passwd: files systemd
pwd=/opt/dev/project1
PWD=/srv/app-2/build
OLDPWD=/root
PASSWORD_FILE=/run/secrets/db_password1
PasswordAuthentication no
PermitRootLogin prohibit-password
the password is required and must hold 8 characters
your password was changed on 2024-05-01
Invalid token: unexpected '}' at line 3
expected token: IDENTIFIER, got NUMBER1
密码不能为空
密码长度至少8位
请输入密码：
密码：${password}
密钥管理服务
mot de passe oublié ?
Passwort vergessen?
la contraseña es obligatoria
basic authentication is enabled by default
bearer tokens are opaque to the client
key-value stores, sk-fading-circle and task-list-item-checkbox"##;

pub const TEXTS: &[&str] = &[
    r##"use std::collections::HashMap;
/// Counts tokens; a token is what the tokenizer says it is.
pub fn count(text: &str, secret: &Secret<String>) -> usize {
    let password = secret.expose_secret();
    debug_assert_eq!(password.len(), 32);
    let hash = Sha256::digest(password.as_bytes());
    assert_eq!(hex(&hash), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    HashMap::<u64, usize>::with_capacity(0x1234_5678).len()
}"##,
    r##"import os, getpass
class Client:
    def __init__(self, api_key: str | None = None, token: str = "", timeout: float = 30.0):
        self.api_key = api_key or os.getenv("OPENAI_API_KEY")
        self.password = password if (password := os.environ.get("PW1")) else getpass.getpass()
        self.session_key = f"session:{self.user_id}:{uuid.uuid4()}"
    @property
    def secret_key(self) -> bytes:
        return base64.b64decode(self._secret)"##,
    r##"const jwt = require('jsonwebtoken');
app.post('/login', async (req, res) => {
  const { username, password } = req.body;
  const user = await User.findOne({ where: { username } });
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) return res.status(401).json({ error: 'Invalid password' });
  const token = jwt.sign({ id: user.id }, process.env.JWT_SECRET, { expiresIn: '1h' });
  res.cookie('session', token, { httpOnly: true });
});"##,
    r##"apiVersion: v1
kind: Pod
spec:
  containers:
    - name: api
      image: registry.corp.net/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: { name: db-credentials-v2, key: password }
        - name: TOKEN_TTL
          value: "3600""##,
    r##"2024-05-01T12:00:01.123Z INFO auth: login ok user=42 request_id=550e8400-e29b-41d4-a716-446655440000 took=12ms
2024-05-01T12:00:02.001Z WARN auth: password mismatch for user 42 from 10.0.0.7:51234
May  1 12:00:03 host sshd[1234]: Failed password for invalid user admin from 203.0.113.7 port 22 ssh2
2024-05-01T12:00:04Z ERROR token expired at 1714564804 (iat=1714561204) trace=4bf92f3577b34da6a3ce929d0e0e4736
GET /reset-password?lang=de&step=2 HTTP/1.1" 200 5316 "-" "Mozilla/5.0""##,
    r##"func (s *Server) Login(ctx context.Context, req *pb.LoginRequest) (*pb.LoginReply, error) {
	if req.Password == "" { return nil, status.Error(codes.InvalidArgument, "password: must not be empty") }
	token, err := s.tokens.Issue(ctx, req.User, time.Hour)
	return &pb.LoginReply{Token: token, TokenType: "bearer"}, err
}"##,
    r##"SELECT id, password_hash FROM users WHERE api_key = $1 AND token = ?;
CREATE TABLE users (id BIGINT, password VARCHAR(255) NOT NULL, token CHAR(64), secret BYTEA);
ALTER USER app WITH PASSWORD :'pw';"##,
    r##"resource "aws_db_instance" "main" {
  username = var.db_user
  password = random_password.db.result
  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}
variable "api_token" { type = string  sensitive = true }"##,
    r##".sk-circle-fade-dot { animation: sk-circle-fade 1.2s infinite ease-in-out both; }
.task-list-item { --key-color: #1a2b3c; content: "token"; }
<script src="https://cdn.net/app.3f2a1b9c.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"></script>"##,
];
